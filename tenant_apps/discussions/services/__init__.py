"""Writes to discussions; each act is one transaction: permission, check, change, audit, sharing, telling."""

from tenant_apps.discussions.services.answers import count_away_replies, mark_reply, set_publication
from tenant_apps.discussions.services.archives import (
    MAX_ARCHIVE_BYTES,
    bring_archive,
    bring_planned,
    discard_archive,
    plan_archive,
    receive_archive,
    refusal_to_receive,
    report_of,
    start_bringing,
    sweep_archives,
)
from tenant_apps.discussions.services.categories import (
    MAX_CATEGORY_LENGTH,
    MAX_TEMPLATE_LENGTH,
    CategoryFacts,
    archive_category,
    save_category,
    seed_categories,
)
from tenant_apps.discussions.services.drafts import DraftIsNewerError, drop_draft, save_draft
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError, TooSoonError
from tenant_apps.discussions.services.helpful import find_helpful
from tenant_apps.discussions.services.merging import (
    merge_discussions,
    refusal_to_merge,
    split_discussion,
    unmerge_discussion,
)
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
from tenant_apps.discussions.services.polls import MAX_OPTION_LENGTH, MAX_OPTIONS, add_poll, close_poll, vote
from tenant_apps.discussions.services.reading import follow, mark_all_read, mark_read, mark_seen, set_level, unfollow
from tenant_apps.discussions.services.tags import MAX_TAG_LENGTH, MAX_TAGS, clean_tags, remove_tag, rename_tag
from tenant_apps.discussions.services.telling import (
    take_in_away_reply,
    tell_of_answer,
    tell_of_discussion,
    tell_of_reply,
)
from tenant_apps.discussions.services.texts import MAX_BODY_LENGTH, MAX_TITLE_LENGTH
from tenant_apps.discussions.services.undoing import start_undoing, undo_archive
from tenant_apps.discussions.services.waiting import (
    approve_question,
    refuse_question,
    reveal_author,
    tell_author_of_refusal,
    tell_moderators_of_waiting,
)
from tenant_apps.discussions.services.writing import edit_discussion, edit_reply, post_reply, start_discussion

__all__ = [
    "MAX_ARCHIVE_BYTES",
    "MAX_BODY_LENGTH",
    "MAX_CATEGORY_LENGTH",
    "MAX_OPTIONS",
    "MAX_OPTION_LENGTH",
    "MAX_REASON_LENGTH",
    "MAX_TAGS",
    "MAX_TAG_LENGTH",
    "MAX_TEMPLATE_LENGTH",
    "MAX_TITLE_LENGTH",
    "CategoryFacts",
    "DiscussionError",
    "DraftIsNewerError",
    "NotAllowedError",
    "TooSoonError",
    "add_poll",
    "approve_question",
    "archive_category",
    "bring_archive",
    "bring_planned",
    "clean_tags",
    "close_poll",
    "count_away_replies",
    "discard_archive",
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
    "mark_seen",
    "merge_discussions",
    "move_discussion",
    "pin_discussion",
    "plan_archive",
    "post_reply",
    "receive_archive",
    "refusal_to_merge",
    "refusal_to_receive",
    "refuse_question",
    "remove_tag",
    "rename_tag",
    "report_of",
    "reveal_author",
    "save_category",
    "save_draft",
    "seed_categories",
    "set_level",
    "set_publication",
    "show_discussion",
    "show_reply",
    "split_discussion",
    "start_bringing",
    "start_discussion",
    "start_undoing",
    "sweep_archives",
    "take_in_away_reply",
    "tell_author_of_refusal",
    "tell_moderators_of_waiting",
    "tell_of_answer",
    "tell_of_discussion",
    "tell_of_reply",
    "undo_archive",
    "unfollow",
    "unmerge_discussion",
    "vote",
]
