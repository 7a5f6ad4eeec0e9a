"""Categories, discussions, replies, and what members do with them: edit, read, draft, mention, find helpful, vote."""

from tenant_apps.discussions.models.archives import Archive, ArchivedMessage
from tenant_apps.discussions.models.drafts import Draft, Submission
from tenant_apps.discussions.models.polls import Poll, PollOption, PollVote
from tenant_apps.discussions.models.talk import (
    Category,
    Discussion,
    Helpful,
    Mention,
    ReadMark,
    Reply,
    Revision,
    Tag,
)

__all__ = [
    "Archive",
    "ArchivedMessage",
    "Category",
    "Discussion",
    "Draft",
    "Helpful",
    "Mention",
    "Poll",
    "PollOption",
    "PollVote",
    "ReadMark",
    "Reply",
    "Revision",
    "Submission",
    "Tag",
]
