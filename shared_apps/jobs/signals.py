"""What the worker tells whoever reports errors."""

from django.dispatch import Signal

job_failed = Signal()
"""Sent with `error` for each attempt of a job that raised, while its place is still known."""
