"""Reads: who is told of what, who follows what, the inbox, and what a digest says."""

from tenant_apps.notifications.selectors.audience import Happening, Told, told_of
from tenant_apps.notifications.selectors.following import (
    FOLLOWING,
    Wish,
    channels_of,
    followed_ids,
    followers,
    is_following,
    levels_of,
    unsubscribe_signer,
    wish_of,
)
from tenant_apps.notifications.selectors.inbox import (
    Elsewhere,
    elsewhere,
    get_notification,
    inbox_of,
    notifications_of,
    unseen_everywhere,
    unseen_here,
)

__all__ = [
    "FOLLOWING",
    "Elsewhere",
    "Happening",
    "Told",
    "Wish",
    "channels_of",
    "elsewhere",
    "followed_ids",
    "followers",
    "get_notification",
    "inbox_of",
    "is_following",
    "levels_of",
    "notifications_of",
    "told_of",
    "unseen_everywhere",
    "unseen_here",
    "unsubscribe_signer",
    "wish_of",
]
