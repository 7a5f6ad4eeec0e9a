"""Writes: what members choose to hear of, telling them, what they have seen, and their digests."""

from tenant_apps.notifications.selectors import Happening
from tenant_apps.notifications.services.digests import keep_doubtful, plan_digests, send_digest
from tenant_apps.notifications.services.emails import (
    EmailError,
    discard_email,
    give_address,
    read_held_of,
    read_inbound,
    read_waiting,
    restore_email,
    retry_email,
)
from tenant_apps.notifications.services.following import (
    DIGEST_WISH,
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
from tenant_apps.notifications.services.inbox import (
    begin_quietly,
    mark_all_seen,
    mark_seen,
    mark_seen_about,
    prune_news,
)
from tenant_apps.notifications.services.preferences import Wishes, save_wishes, use_address_again, wishes_of
from tenant_apps.notifications.services.telling import (
    Tidings,
    forget_news,
    forget_thing,
    notify,
    notify_members,
)

__all__ = [
    "DIGEST_WISH",
    "EmailError",
    "Happening",
    "Tidings",
    "Wishes",
    "begin_again",
    "begin_quietly",
    "discard_email",
    "follow",
    "follow_along",
    "forget_level",
    "forget_news",
    "forget_thing",
    "give_address",
    "keep_doubtful",
    "mark_all_seen",
    "mark_seen",
    "mark_seen_about",
    "notify",
    "notify_members",
    "plan_digests",
    "prune_news",
    "read_held_of",
    "read_inbound",
    "read_waiting",
    "restore_email",
    "retry_email",
    "save_wishes",
    "send_digest",
    "set_channel",
    "set_level",
    "stop",
    "unfollow",
    "unsubscribe_url",
    "use_address_again",
    "wishes_of",
]
