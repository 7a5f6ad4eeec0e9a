"""What the front page reads: what is new to this member, where they could help, and what others asked."""

from dataclasses import dataclass

from collective.publications.models import Publication
from collective.publications.selectors import waiting_questions
from tenant_apps.discussions.enums import ListView
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.selectors import as_rows, count_unanswered, count_unread, discussions
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import count_members, directory
from tenants.context import in_collective, this_network

SHOWN, SHOWN_BESIDE = 5, 3


@dataclass(frozen=True, slots=True)
class Front:
    """The front page; a list in the middle has at most SHOWN things, one beside it SHOWN_BESIDE."""

    unread_count: int
    unanswered_count: int
    member_count: int
    newest: list[Discussion]
    unanswered: list[Discussion]
    elsewhere: list[Publication]
    newcomers: list[Member]


def front(member: Member) -> Front:
    """Return the front page of one member."""
    return Front(
        unread_count=count_unread(member),
        unanswered_count=count_unanswered(),
        member_count=count_members(),
        newest=list(as_rows(discussions(member))[:SHOWN]),
        unanswered=_could_help(member),
        elsewhere=_elsewhere(),
        newcomers=list(directory().exclude(id=member.id).order_by("-joined_at", "-id")[:SHOWN_BESIDE]),
    )


def _could_help(member: Member) -> list[Discussion]:
    """Return what others of the network have waited for the longest."""
    return list(as_rows(discussions(member, show=ListView.UNANSWERED)).exclude(author=member)[:SHOWN_BESIDE])


def _elsewhere() -> list[Publication]:
    network = this_network()
    with in_collective():
        return list(waiting_questions(network.id).order_by("-shown_at", "id")[:SHOWN_BESIDE])
