"""What members tell others."""

from django.dispatch import Signal

branding_changed = Signal()
"""Sent in the transaction that changes the network's colour, with `network` (its new colour on it)."""
