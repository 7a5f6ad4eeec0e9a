"""The people of a network, as an archive shows them."""

from collections.abc import Iterator

from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member
from tenant_apps.portability.adapters import Page, Sheet

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
        yield Page("members.html", "Members", "People", "portability/reader/members.html", {"members": members})
