"""Reads about discussions; a list and a page each take a fixed number of queries."""

from tenant_apps.discussions.selectors.archives import archived_in, archives, count_brought, get_archive, kept_of
from tenant_apps.discussions.selectors.categories import (
    all_categories,
    categories,
    category_like,
    forget_categories,
    forget_tags,
    get_category,
    get_tag,
    tag_names,
    tags,
    tags_with_counts,
    template_of,
)
from tenant_apps.discussions.selectors.lists import (
    LATEST,
    as_rows,
    count_unanswered,
    count_unread,
    discussions,
    pinned_first,
)
from tenant_apps.discussions.selectors.marks import Marks, drafts_of, marks_of, new_draft
from tenant_apps.discussions.selectors.pages import (
    count_waiting_for_request,
    editor_of,
    get_discussion,
    hidden,
    revisions,
    waiting,
)
from tenant_apps.discussions.selectors.polls import Results, count_voters, poll_results
from tenant_apps.discussions.selectors.posts import POSTS_A_PAGE, Post, author_name_of, get_reply, place_of_reply, posts
from tenant_apps.discussions.selectors.sight import LISTED, discussions_seen_by, replies_seen_by

__all__ = [
    "LATEST",
    "LISTED",
    "POSTS_A_PAGE",
    "Marks",
    "Post",
    "Results",
    "all_categories",
    "archived_in",
    "archives",
    "as_rows",
    "author_name_of",
    "categories",
    "category_like",
    "count_brought",
    "count_unanswered",
    "count_unread",
    "count_voters",
    "count_waiting_for_request",
    "discussions",
    "discussions_seen_by",
    "drafts_of",
    "editor_of",
    "forget_categories",
    "forget_tags",
    "get_archive",
    "get_category",
    "get_discussion",
    "get_reply",
    "get_tag",
    "hidden",
    "kept_of",
    "marks_of",
    "new_draft",
    "pinned_first",
    "place_of_reply",
    "poll_results",
    "posts",
    "replies_seen_by",
    "revisions",
    "tag_names",
    "tags",
    "tags_with_counts",
    "template_of",
    "waiting",
]
