"""Pages of discussions."""

from tenant_apps.discussions.views.archives import (
    archive_bring,
    archive_detail,
    archive_discard,
    archive_list,
    archive_undo,
)
from tenant_apps.discussions.views.categories import category_edit, category_list
from tenant_apps.discussions.views.drafts import draft_discard, draft_save
from tenant_apps.discussions.views.helpful import post_helpful
from tenant_apps.discussions.views.lists import discussion_list, mark_all_read
from tenant_apps.discussions.views.merging import discussion_merge, discussion_split, discussion_unmerge
from tenant_apps.discussions.views.moderating import (
    ACTS,
    discussion_act,
    discussion_hide,
    discussion_move,
    reply_hide,
    reply_show,
)
from tenant_apps.discussions.views.news import discussion_news
from tenant_apps.discussions.views.originals import original
from tenant_apps.discussions.views.polls import ACTS as POLL_ACTS
from tenant_apps.discussions.views.polls import poll_act, poll_edit, poll_new, poll_vote
from tenant_apps.discussions.views.reading import discussion_detail, discussion_follow, discussion_history, reply_mark
from tenant_apps.discussions.views.similar import discussion_similar
from tenant_apps.discussions.views.tags import tag_edit, tag_list
from tenant_apps.discussions.views.waiting import author_reveal, waiting_approve, waiting_list, waiting_refuse
from tenant_apps.discussions.views.writing import discussion_edit, discussion_new, reply_edit

__all__ = [
    "ACTS",
    "POLL_ACTS",
    "archive_bring",
    "archive_detail",
    "archive_discard",
    "archive_list",
    "archive_undo",
    "author_reveal",
    "category_edit",
    "category_list",
    "discussion_act",
    "discussion_detail",
    "discussion_edit",
    "discussion_follow",
    "discussion_hide",
    "discussion_history",
    "discussion_list",
    "discussion_merge",
    "discussion_move",
    "discussion_new",
    "discussion_news",
    "discussion_similar",
    "discussion_split",
    "discussion_unmerge",
    "draft_discard",
    "draft_save",
    "mark_all_read",
    "original",
    "poll_act",
    "poll_edit",
    "poll_new",
    "poll_vote",
    "post_helpful",
    "reply_edit",
    "reply_hide",
    "reply_mark",
    "reply_show",
    "tag_edit",
    "tag_list",
    "waiting_approve",
    "waiting_list",
    "waiting_refuse",
]
