"""Roles, removal and reinstatement: who may, what is written, and the last owner."""

from datetime import date

import pytest

from shared_apps.accounts.enums import AccessState
from shared_apps.accounts.models import NetworkAccess
from shared_apps.audit.models import Event
from tenant_apps.members import services
from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Member, Posting
from tenant_apps.members.services.profiles import PostingDatesError, SchoolFacts
from tenants.context import in_network
from tests.builders.at_once import at_once, within
from tests.builders.members import make_member


def test_change_role_writes_the_role_and_who_changed_it(in_alder):
    owner = make_member(in_alder, name="Helen Marsh", role=Role.OWNER)
    member = make_member(in_alder)

    services.change_role(member, role=Role.MODERATOR, by=owner)

    event = Event.objects.first()
    assert Member.objects.get(id=member.id).role == Role.MODERATOR
    assert (event.name, event.actor_id, event.target_id, event.details) == (
        "members.member.role_changed",
        owner.account_id,
        member.id,
        {"before": "member", "after": "moderator"},
    )


@pytest.mark.parametrize("role", [Role.MEMBER, Role.MODERATOR])
def test_change_role_is_for_organisers(in_alder, role):
    make_member(in_alder, name="Helen Marsh", role=Role.OWNER)
    by = make_member(in_alder, name="Rob Casey", role=role)
    member = make_member(in_alder)

    with pytest.raises(services.NotAllowedError, match=r"Only organisers can change this\. Helen Marsh can help\."):
        services.change_role(member, role=Role.ORGANISER, by=by)


def test_change_role_to_owner_is_for_owners(in_alder):
    make_member(in_alder, name="Helen Marsh", role=Role.OWNER)
    organiser = make_member(in_alder, name="Rob Casey", role=Role.ORGANISER)
    member = make_member(in_alder)

    with pytest.raises(services.NotAllowedError, match=r"Only owners can change this\. Helen Marsh can help\."):
        services.change_role(member, role=Role.OWNER, by=organiser)


def test_change_role_keeps_the_last_owner(in_alder):
    owner = make_member(in_alder, role=Role.OWNER)

    with pytest.raises(services.LastOwnerError, match="Priya Raman is the only owner"):
        services.change_role(owner, role=Role.MEMBER, by=owner)

    assert Member.objects.get(id=owner.id).role == Role.OWNER


def test_change_role_reads_again_who_asks(in_alder):
    owner = make_member(in_alder, name="Helen Marsh", role=Role.OWNER)
    stale = make_member(in_alder, name="Rob Casey", role=Role.ORGANISER)
    member = make_member(in_alder)
    services.change_role(stale, role=Role.MEMBER, by=owner)

    with pytest.raises(services.NotAllowedError):
        services.change_role(member, role=Role.MODERATOR, by=stale)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["change_role", "remove_member"])
def test_two_owners_who_act_at_once_leave_one(alder, act):
    first = make_member(alder, name="Helen Marsh", role=Role.OWNER)
    second = make_member(alder, name="Rob Casey", role=Role.OWNER)

    def demote(member: Member, by: Member) -> None:
        if act == "change_role":
            services.change_role(member, role=Role.MEMBER, by=by)
        else:
            services.remove_member(member, by=by)

    results = at_once(within(alder, demote, first, second), within(alder, demote, second, first))

    with in_network(alder):
        owners = Member.objects.filter(role=Role.OWNER, state=MemberState.ACTIVE).count()
    assert (owners, kinds(results)) == (1, ["NoneType", "NotAllowedError"])


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_step_down_at_once_leave_one(alder):
    owners = [make_member(alder, name=name, role=Role.OWNER) for name in ("Helen Marsh", "Rob Casey")]

    results = at_once(*[within(alder, services.change_role, owner, role=Role.MEMBER, by=owner) for owner in owners])

    with in_network(alder):
        left = Member.objects.filter(role=Role.OWNER, state=MemberState.ACTIVE).count()
    assert (left, kinds(results)) == (1, ["LastOwnerError", "Member"])


def kinds(results: list) -> list[str]:
    """Return the classes of what several calls returned or raised."""
    return sorted(type(each).__name__ for each in results)


def test_remove_member_ends_access_and_keeps_the_row(in_alder):
    owner = make_member(in_alder, name="Helen Marsh", role=Role.OWNER)
    member = make_member(in_alder)

    removed = services.remove_member(member, by=owner)

    access = NetworkAccess.objects.get(account_id=member.account_id, network=in_alder)
    assert (removed.state, removed.left_at is not None, access.state) == (MemberState.LEFT, True, AccessState.ENDED)
    assert Event.objects.first().name == "members.member.removed"
    assert removed.shown_name == "Former member"


def test_remove_member_refuses_oneself(in_alder):
    make_member(in_alder, name="Helen Marsh", role=Role.OWNER)
    owner = make_member(in_alder, role=Role.OWNER)

    with pytest.raises(services.NotAllowedError):
        services.remove_member(owner, by=owner)


def test_reinstate_member_gives_back_role_and_access(in_alder):
    owner = make_member(in_alder, name="Helen Marsh", role=Role.OWNER)
    member = make_member(in_alder, role=Role.MODERATOR)
    services.remove_member(member, by=owner)

    back = services.reinstate_member(member, by=owner)

    access = NetworkAccess.objects.get(account_id=member.account_id, network=in_alder)
    assert (back.state, back.left_at, back.role, access.state) == (
        MemberState.ACTIVE,
        None,
        Role.MODERATOR,
        AccessState.ACTIVE,
    )


def test_update_profile_changes_the_name_other_networks_see(in_alder):
    member = make_member(in_alder)

    services.update_profile(member, name="  Priya   Raman-Shaw ", ask_me_about="payroll", by=member)

    access = NetworkAccess.objects.get(account_id=member.account_id, network=in_alder)
    assert (access.display_name, member.name) == ("Priya Raman-Shaw", "Priya Raman-Shaw")
    assert Event.objects.first().fields == ["ask_me_about", "name"]


def test_update_profile_is_for_the_person(in_alder):
    owner = make_member(in_alder, name="Helen Marsh", role=Role.OWNER)
    member = make_member(in_alder)

    with pytest.raises(services.NotAllowedError, match=r"Only Priya Raman can change this\."):
        services.update_profile(member, name="Somebody Else", by=owner)


def test_add_posting_ends_the_one_it_replaces(in_alder):
    member = make_member(in_alder, school="Oak Primary")
    old = Posting.objects.get()

    services.add_posting(
        member,
        school=SchoolFacts("Elm Academy", town="Leeds", phase="Secondary"),
        job_title="Director of finance",
        active_from=date(2026, 9, 1),
        replaces=old,
        by=member,
    )

    kept = [(row.school_name, row.active_to, row.is_primary) for row in Posting.objects.order_by("active_from")]
    headline = Member.objects.values_list("headline_job", "headline_school", "headline_town", "headline_phase").get()
    assert kept == [("Oak Primary", date(2026, 9, 1), False), ("Elm Academy", None, True)]
    assert headline == ("Director of finance", "Elm Academy", "Leeds", "Secondary")


def test_end_posting_shows_the_next_one_still_held(in_alder):
    member = make_member(in_alder, school="Oak Primary")
    services.add_posting(
        member,
        school=SchoolFacts("Elm Academy"),
        job_title="Consultant",
        active_from=date(2025, 1, 1),
        is_primary=False,
        by=member,
    )

    services.end_posting(Posting.objects.get(school_name="Oak Primary"), last_day=date(2026, 8, 31), by=member)

    member = Member.objects.get()
    ended = Posting.objects.get(school_name="Oak Primary")
    assert (member.school_name, member.job_title) == ("Elm Academy", "Consultant")
    assert (ended.active_to, ended.last_day) == (date(2026, 9, 1), date(2026, 8, 31))


def test_end_posting_refuses_a_day_before_the_first(in_alder):
    member = make_member(in_alder, school="Oak Primary")

    with pytest.raises(PostingDatesError, match="1 September 2024"):
        services.end_posting(Posting.objects.get(), last_day=date(2024, 8, 31), by=member)
