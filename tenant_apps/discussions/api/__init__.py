"""Discussions for programs: the same services as the pages."""

from tenant_apps.discussions.api.before import HISTORY_METHODS, ORIGINAL_METHODS, HistoryResource, OriginalResource
from tenant_apps.discussions.api.discussions import DiscussionResource
from tenant_apps.discussions.api.drafts import DraftResource
from tenant_apps.discussions.api.keeping import HiddenResource, WaitingResource
from tenant_apps.discussions.api.organising import ArchiveResource, CategoryResource, TagResource
from tenant_apps.discussions.api.polls import (
    POLL_CLOSE_METHODS,
    POLL_METHODS,
    POLL_REOPEN_METHODS,
    VOTE_METHODS,
    PollResource,
)
from tenant_apps.discussions.api.replies import HELPFUL_METHODS, HelpfulResource, ReplyResource
from tenant_apps.discussions.api.similar import SimilarResource

__all__ = [
    "HELPFUL_METHODS",
    "HISTORY_METHODS",
    "ORIGINAL_METHODS",
    "POLL_CLOSE_METHODS",
    "POLL_METHODS",
    "POLL_REOPEN_METHODS",
    "VOTE_METHODS",
    "ArchiveResource",
    "CategoryResource",
    "DiscussionResource",
    "DraftResource",
    "HelpfulResource",
    "HiddenResource",
    "HistoryResource",
    "OriginalResource",
    "PollResource",
    "ReplyResource",
    "SimilarResource",
    "TagResource",
    "WaitingResource",
]
