"""Discussions for programs: the same services as the pages."""

from tenant_apps.discussions.api.discussions import DiscussionResource
from tenant_apps.discussions.api.polls import POLL_METHODS, PollResource
from tenant_apps.discussions.api.replies import HELPFUL_METHODS, HelpfulResource, ReplyResource

__all__ = ["HELPFUL_METHODS", "POLL_METHODS", "DiscussionResource", "HelpfulResource", "PollResource", "ReplyResource"]
