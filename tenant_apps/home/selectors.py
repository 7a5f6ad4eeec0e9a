"""What the front page reads: what is new to this member, what waits for an answer, and what others asked."""

from dataclasses import dataclass

from collective.publications.models import Publication
from collective.publications.selectors import waiting_questions
from tenant_apps.discussions.enums import ListView
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.selectors import discussions
from tenant_apps.members.models import Member
from tenants.context import in_collective, this_network

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Front:
    """The front page; each list has at most SHOWN things."""

    newest: list[Discussion]
    unanswered: list[Discussion]
    elsewhere: list[Publication]


def front(member: Member) -> Front:
    """Return the front page of one member."""
    return Front(
        newest=list(discussions(member)[:SHOWN]),
        unanswered=list(discussions(member, show=ListView.UNANSWERED)[:SHOWN]),
        elsewhere=_elsewhere(),
    )


def _elsewhere() -> list[Publication]:
    network = this_network()
    with in_collective():
        return list(waiting_questions(network.id).order_by("-shown_at", "id")[:SHOWN])
