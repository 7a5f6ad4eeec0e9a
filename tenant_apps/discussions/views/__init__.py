"""Pages of discussions."""

from tenant_apps.discussions.views.categories import category_edit, category_list
from tenant_apps.discussions.views.lists import discussion_list, mark_all_read
from tenant_apps.discussions.views.reading import discussion_detail, discussion_follow, discussion_history, reply_mark
from tenant_apps.discussions.views.writing import discussion_edit, discussion_new, reply_edit

__all__ = [
    "category_edit",
    "category_list",
    "discussion_detail",
    "discussion_edit",
    "discussion_follow",
    "discussion_history",
    "discussion_list",
    "discussion_new",
    "mark_all_read",
    "reply_edit",
    "reply_mark",
]
