"""Reads: who is told of what, who follows what, the inbox, and what a digest says."""

from tenant_apps.notifications.selectors.audience import Happening, Told, told_of
from tenant_apps.notifications.selectors.following import (
    FOLLOWING,
    Wish,
    followed_ids,
    followers,
    is_following,
    levels_of,
    unsubscribe_signer,
    wish_of,
)

__all__ = [
    "FOLLOWING",
    "Happening",
    "Told",
    "Wish",
    "followed_ids",
    "followers",
    "is_following",
    "levels_of",
    "told_of",
    "unsubscribe_signer",
    "wish_of",
]
