"""What the register tells others."""

from django.dispatch import Signal

register_imported = Signal()
"""Sent after the commit of an import that changed schools already known, with `changed_ids`: their ids, as a list.

Schools that the import added are not among them: nobody can have copied anything from those yet.
"""
