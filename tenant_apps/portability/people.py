"""The people of a network, as an archive shows them, and what of a member comes back from a restored copy."""

from collections.abc import Iterator
from uuid import UUID

from django.template.loader import get_template

from shared_apps.audit.services import Actor
from tenant_apps.members import services as members
from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Member
from tenant_apps.portability.adapters import Branch, Compared, Page, Sheet, Touched, Tree

_AT_ONCE = 500
_COLUMNS = (
    *("name", "email", "phone", "role", "state", "headline_job", "headline_school", "headline_town", "headline_phase"),
    *("joined_at", "left_at"),
)


class ReadablePeople:
    """Members: a sheet with everybody, and a page with those who are here."""

    def sheets(self) -> Iterator[Sheet]:
        """Yield members."""
        header = ["Name", "Email", "Phone", "Role", "State", "Job", "School", "Town", "Phase", "Joined", "Left"]
        yield Sheet("members", header, Member.objects.order_by("name", "id").values_list(*_COLUMNS).iterator())

    def pages(self) -> Iterator[Page]:
        """Yield one list."""
        members = Member.objects.filter(state=MemberState.ACTIVE).order_by("name", "id")
        row = get_template("portability/reader/_member.html")
        rows = (row.render({"member": member}) for member in members.iterator(chunk_size=_AT_ONCE))
        yield Page("members.html", "Members", "People", "portability/reader/members.html", pieces=rows)


def _hold(member_id: UUID) -> None:
    list(Member.objects.select_for_update().filter(id=member_id).values_list("id"))


def _settle(member_id: UUID, touched: Touched, by: Actor) -> None:
    members.settle_returned(member_id)


_MEMBER = Member._meta.label

RETURNING = Tree(
    kind="member",
    folder="members",
    hold=_hold,
    settle=_settle,
    branches=(
        Branch(
            _MEMBER,
            ("member", "members"),
            text="about",
            compared=(
                Compared("name", "Name"),
                Compared("phone", "Phone"),
                Compared("about", "About"),
                Compared("ask_me_about", "Ask me about"),
                Compared("email", "Email", is_offered=False),
                Compared("role", "Role", is_offered=False),
                Compared("state", "State", is_offered=False),
            ),
            instead={"role": Role.MEMBER.value},  # an owner gives them another
        ),
        Branch(
            "members.Posting",
            ("job", "jobs"),
            column="member_id",
            of=(_MEMBER,),
            text="job_title",
            compared=(
                Compared("job_title", "Job"),
                Compared("school_name", "School", along=("school_id", "town", "authority", "phase", "pupils")),
                Compared("active_from", "From"),
                Compared("active_to", "Until", is_offered=False),
            ),
            instead={"is_primary": False},  # which of them it is follows
        ),
        Branch("notifications.Preference", ("preference", "preferences"), "member_id", (_MEMBER,), with_parent=True),
        Branch(
            "notifications.Follow",
            ("thing they follow", "things they follow"),
            "member_id",
            (_MEMBER,),
            with_parent=True,
        ),
        Branch("notifications.MemberAddress", ("address", "addresses"), "member_id", (_MEMBER,), with_parent=True),
    ),
)
