"""Writes: what members choose to hear of, telling them, what they have seen, and their digests."""

from tenant_apps.notifications.selectors import Happening
from tenant_apps.notifications.services.following import (
    begin_again,
    follow,
    follow_along,
    forget_level,
    set_channel,
    set_level,
    stop,
    unfollow,
    unsubscribe_url,
)
from tenant_apps.notifications.services.inbox import mark_all_seen, mark_seen, mark_seen_about, prune_news
from tenant_apps.notifications.services.telling import Tidings, forget_news, notify, notify_followers

__all__ = [
    "Happening",
    "Tidings",
    "begin_again",
    "follow",
    "follow_along",
    "forget_level",
    "forget_news",
    "mark_all_seen",
    "mark_seen",
    "mark_seen_about",
    "notify",
    "notify_followers",
    "prune_news",
    "set_channel",
    "set_level",
    "stop",
    "unfollow",
    "unsubscribe_url",
]
