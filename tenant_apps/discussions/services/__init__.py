"""Writes to discussions; each act is one transaction: permission, check, change, audit, sharing, telling."""

from tenant_apps.discussions.services.answers import count_away_replies, mark_reply, set_publication
from tenant_apps.discussions.services.categories import (
    MAX_CATEGORY_LENGTH,
    archive_category,
    save_category,
    seed_categories,
)
from tenant_apps.discussions.services.drafts import DraftIsNewerError, drop_draft, save_draft
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError, TooSoonError
from tenant_apps.discussions.services.helpful import find_helpful
from tenant_apps.discussions.services.moderating import (
    MAX_REASON_LENGTH,
    hide_discussion,
    hide_reply,
    lock_discussion,
    move_discussion,
    pin_discussion,
    show_discussion,
    show_reply,
)
from tenant_apps.discussions.services.reading import follow, mark_all_read, mark_read, set_level, unfollow
from tenant_apps.discussions.services.telling import (
    take_in_away_reply,
    tell_of_answer,
    tell_of_discussion,
    tell_of_reply,
)
from tenant_apps.discussions.services.texts import MAX_BODY_LENGTH, MAX_TITLE_LENGTH
from tenant_apps.discussions.services.writing import edit_discussion, edit_reply, post_reply, start_discussion

__all__ = [
    "MAX_BODY_LENGTH",
    "MAX_CATEGORY_LENGTH",
    "MAX_REASON_LENGTH",
    "MAX_TITLE_LENGTH",
    "DiscussionError",
    "DraftIsNewerError",
    "NotAllowedError",
    "TooSoonError",
    "approve_question",
    "archive_category",
    "count_away_replies",
    "drop_draft",
    "edit_discussion",
    "edit_reply",
    "find_helpful",
    "follow",
    "hide_discussion",
    "hide_reply",
    "lock_discussion",
    "mark_all_read",
    "mark_read",
    "mark_reply",
    "move_discussion",
    "pin_discussion",
    "post_reply",
    "save_category",
    "save_draft",
    "seed_categories",
    "set_level",
    "set_publication",
    "show_discussion",
    "show_reply",
    "start_discussion",
    "take_in_away_reply",
    "tell_of_answer",
    "tell_of_discussion",
    "tell_of_reply",
    "unfollow",
]
