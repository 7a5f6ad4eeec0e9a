"""Reads about discussions; a list and a page each take a fixed number of queries."""

from tenant_apps.discussions.selectors.categories import categories, forget_categories
from tenant_apps.discussions.selectors.lists import count_unanswered, count_unread, discussions, pinned_first
from tenant_apps.discussions.selectors.marks import Marks, drafts_of, marks_of, new_draft
from tenant_apps.discussions.selectors.pages import get_discussion, revisions, similar
from tenant_apps.discussions.selectors.posts import Post, author_name_of, get_reply, posts
from tenant_apps.discussions.selectors.sight import LISTED, discussions_seen_by, replies_seen_by

__all__ = [
    "LISTED",
    "Marks",
    "Post",
    "author_name_of",
    "categories",
    "count_unanswered",
    "count_unread",
    "discussions",
    "discussions_seen_by",
    "drafts_of",
    "forget_categories",
    "get_discussion",
    "get_reply",
    "marks_of",
    "new_draft",
    "pinned_first",
    "posts",
    "replies_seen_by",
    "revisions",
    "similar",
]
