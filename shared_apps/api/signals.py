"""What the API tells the apps above it."""

from django.dispatch import Signal

token_accepted = Signal()
"""A token was good: `request` (Django's, whose `user` is now the account) and `token` (ApiToken)."""
