"""Lists and searches at a fixed number of queries; and the only way to service notes."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from collective.publications.enums import Identity
from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Member, Posting
from tenant_apps.members.services.profiles import SchoolFacts
from tenant_apps.suppliers import selectors, services
from tenant_apps.suppliers.enums import ListOrder, size_band
from tenant_apps.suppliers.models import Supplier
from tenants.context import in_network
from tenants.ids import new_id
from tenants.models import Network
from tests.builders.members import MOOR_END, make_member
from tests.builders.suppliers import make_note, make_recommendation, make_supplier, share

LADYWOOD = SchoolFacts("Ladywood Community School", school_id=new_id(), phase="Secondary", pupils=940)
TODAY = timezone.localdate()


@pytest.fixture
def dawn(alder: Network):
    return make_member(alder, name="Dawn Okafor", school=LADYWOOD)


def names(found) -> list[str]:
    return [supplier.name for supplier in found]


def add_posting(member: Member, facts: SchoolFacts, *, since: date, until: date | None = None) -> Posting:
    return Posting.objects.create(
        member=member,
        school_id=facts.school_id,
        school_name=facts.name,
        job_title="Bursar",
        active_from=since,
        active_to=until,
    )


@pytest.mark.parametrize(
    ("pupils", "band"),
    [
        (None, ""),
        (0, "under 100 pupils"),
        (99, "under 100 pupils"),
        (100, "100 to 210"),
        (210, "100 to 210"),
        (211, "211 to 420"),
        (420, "211 to 420"),
        (421, "421 to 1,000"),
        (1000, "421 to 1,000"),
        (1001, "over 1,000"),
    ],
)
def test_size_band_at_its_edges(pupils, band) -> None:
    assert size_band(pupils) == band


def test_suppliers_begins_with_what_most_would_use_again(in_alder: Network, priya, dawn) -> None:
    added = ("Zebra Print", "Able Energy", "Brightside Cleaning", "Quiet Coaches")
    found = {name: make_supplier(priya, name=name) for name in added}
    make_recommendation(found["Zebra Print"], priya)
    make_recommendation(found["Zebra Print"], dawn)
    make_recommendation(found["Brightside Cleaning"], priya)
    make_recommendation(found["Quiet Coaches"], priya, would_use_again=False)

    recommended = names(selectors.suppliers())

    assert recommended == ["Zebra Print", "Brightside Cleaning", "Quiet Coaches", "Able Energy"]
    assert names(selectors.suppliers(order=ListOrder.NAME)) == sorted(added)
    assert names(selectors.suppliers(order=ListOrder.NEWEST)) == list(reversed(added))
    assert names(selectors.suppliers(order="no such order")) == recommended


def test_suppliers_finds_every_word_in_name_category_or_description(in_alder: Network, priya) -> None:
    make_supplier(priya, name="Greenfield Kitchens", description="Hot meals for primaries", categories=("Catering",))
    make_supplier(priya, name="Able Energy", description="Gas and power", categories=("Energy", "Premises"))

    def found(text: str) -> list[str]:
        return names(selectors.suppliers(search=text))

    assert found("kitch") == ["Greenfield Kitchens"]
    assert found("cater meals") == ["Greenfield Kitchens"]
    assert found("premises GAS able") == ["Able Energy"]
    assert found("catering gas") == []
    assert found("%") == []
    assert found("_") == []


def test_suppliers_of_a_category_come_once(in_alder: Network, priya) -> None:
    make_supplier(priya, name="Able Energy", categories=("Energy", "Premises"))
    make_supplier(priya, name="Greenfield Kitchens")

    assert names(selectors.suppliers(category="energy")) == ["Able Energy"]
    assert names(selectors.suppliers(category="energy", search="e")) == ["Able Energy"]
    assert names(selectors.suppliers(category="No such")) == []


def test_suppliers_leaves_out_the_archived(in_alder: Network, priya) -> None:
    organiser = make_member(in_alder, name="Helen Marsh", role=Role.ORGANISER)
    gone = make_supplier(priya, name="Gone Ltd")
    make_supplier(priya)
    services.archive_supplier(gone, is_archived=True, by=organiser)

    assert names(selectors.suppliers()) == ["Greenfield Kitchens"]
    assert names(selectors.suppliers(archived=True)) == ["Gone Ltd"]
    assert selectors.count_archived() == 1


def test_suppliers_alike_offers_five_at_most(in_alder: Network, priya) -> None:
    for number in range(6):
        make_supplier(priya, name=f"Greenfield Kitchens {number}")
    make_supplier(priya, name="Able Energy")

    found = names(selectors.suppliers_alike("Greenfield Kitchens Ltd"))

    assert sorted(found) == [f"Greenfield Kitchens {number}" for number in range(5)]
    assert selectors.suppliers_alike("Something else") == []


@pytest.mark.parametrize("count", [1, 3])
def test_suppliers_takes_two_queries(in_alder: Network, priya, count, django_assert_num_queries) -> None:
    for number in range(count):
        make_supplier(priya, name=f"Greenfield {number}", categories=("Catering", "Cleaning"))

    with django_assert_num_queries(2):
        read = [[category.name for category in each.categories.all()] for each in selectors.suppliers()]

    assert read == [["Catering", "Cleaning"]] * count


def test_said_of_tells_here_from_elsewhere(alder: Network, birch: Network) -> None:
    with in_network(birch, joining_transaction=True):
        martin = make_member(birch, name="Martin Bayliss", school=LADYWOOD)
        away = make_supplier(martin, name="Greenfield Kitchens of Birch", website="http://greenfield.example/birch")
        shared = share(make_recommendation(away, martin, value=1, would_use_again=False), martin)
    with in_network(alder, joining_transaction=True):
        priya = make_member(alder, name="Priya Raman", school=MOOR_END)
        dawn = make_member(alder, name="Dawn Okafor", school=LADYWOOD)
        supplier = make_supplier(priya, website="www.greenfield.example")
        first = make_recommendation(supplier, priya)
        second = share(make_recommendation(supplier, dawn, size=""), dawn)
    with in_network(alder):
        said = selectors.said_of(supplier, priya)
        figures = selectors.figures_of(said)

    assert [(each.id, each.who, each.line, each.origin_name, each.is_mine, each.is_shared) for each in said] == [
        (second.id, "Dawn Okafor", "Ladywood Community School, secondary", "", False, True),
        (first.id, "Priya Raman", "Moor End Primary School, primary, 211 to 420 pupils", "", True, False),
        (
            shared.publication_id,
            "Martin Bayliss",
            "School business manager, Ladywood Community School, secondary, 421 to 1,000 pupils",
            birch.name,
            False,
            False,
        ),
    ]
    assert (figures.total, figures.again, figures.not_again, figures.networks, figures.away) == (3, 2, 1, 2, 1)
    assert (figures.response, figures.quality, round(figures.value or 0, 2)) == (5.0, 4.0, 2.33)


def test_said_of_shows_nothing_of_an_anonymous_author(alder: Network, birch: Network) -> None:
    with in_network(birch, joining_transaction=True):
        martin = make_member(birch, name="Martin Bayliss", school=LADYWOOD)
        share(make_recommendation(make_supplier(martin), martin), martin, identity=Identity.ANONYMOUS)
    with in_network(alder, joining_transaction=True):
        priya = make_member(alder, name="Priya Raman", school=MOOR_END)
        supplier = make_supplier(priya)
    with in_network(alder):
        (said,) = selectors.said_of(supplier, priya)

    assert (said.who, said.line, said.origin_name, said.origin_colour) == ("A member", "", "another network", "")


def test_said_of_takes_in_nothing_of_a_network_that_blocks_this_one(alder: Network, birch: Network) -> None:
    from tenant_apps.sharing.services import update_policy

    with in_network(birch, joining_transaction=True):
        martin = make_member(birch, name="Martin Bayliss", role=Role.OWNER)
        share(make_recommendation(make_supplier(martin), martin), martin)
    with in_network(alder, joining_transaction=True):
        priya = make_member(alder, name="Priya Raman")
        supplier = make_supplier(priya)
    with in_network(alder):
        before = len(selectors.said_of(supplier, priya))
    with in_network(birch, joining_transaction=True):
        update_policy(approval_required=False, kept_categories=[], blocked_networks=[alder.id], by=martin)
    with in_network(alder):
        after = len(selectors.said_of(supplier, priya))

    assert (before, after) == (1, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_said_of_takes_a_fixed_number_of_queries(in_alder: Network, count, django_assert_num_queries) -> None:
    members = [make_member(in_alder, name=f"Member {number}", school=MOOR_END) for number in range(count)]
    supplier = make_supplier(members[0])
    for member in members:
        share(make_recommendation(supplier, member), member)

    with django_assert_num_queries(4):
        said = selectors.said_of(supplier, members[0])

    assert len(said) == count


def seen_by(member: Member, supplier: Supplier, *, on: date = TODAY) -> list[str]:
    return [note.text for note in selectors.notes(member, supplier, on=on)]


def test_notes_are_seen_by_author_and_colleagues_alone(in_alder: Network, priya, dawn) -> None:
    colleague = make_member(in_alder, name="Rob Casey", school=MOOR_END)
    owner = make_member(in_alder, name="Helen Marsh", role=Role.OWNER)
    supplier = make_supplier(priya)
    note = make_note(supplier, priya, text="canary-note")

    assert seen_by(priya, supplier) == ["canary-note"]
    assert seen_by(colleague, supplier) == ["canary-note"]
    assert seen_by(dawn, supplier) == []
    assert seen_by(owner, supplier) == []
    assert selectors.get_note(note.id, colleague, on=TODAY) == note
    assert selectors.get_note(note.id, dawn, on=TODAY) is None
    assert selectors.get_note(note.id, owner, on=TODAY) is None


def test_notes_follow_who_works_at_the_school_on_the_day(in_alder: Network, priya) -> None:
    supplier = make_supplier(priya)
    make_note(supplier, priya, text="canary-note")
    before = make_member(in_alder, name="Was there")
    add_posting(before, MOOR_END, since=date(2020, 9, 1), until=TODAY)
    after = make_member(in_alder, name="Comes tomorrow")
    add_posting(after, MOOR_END, since=TODAY + timedelta(days=1))
    leaving = make_member(in_alder, name="Last day")
    add_posting(leaving, MOOR_END, since=TODAY, until=TODAY + timedelta(days=1))

    assert seen_by(before, supplier) == []
    assert seen_by(after, supplier) == []
    assert seen_by(leaving, supplier) == ["canary-note"]
    assert seen_by(before, supplier, on=TODAY - timedelta(days=1)) == ["canary-note"]
    assert seen_by(after, supplier, on=TODAY + timedelta(days=1)) == ["canary-note"]


def test_notes_stay_with_the_school_when_the_author_moves_or_leaves(in_alder: Network, priya) -> None:
    supplier = make_supplier(priya)
    colleague = make_member(in_alder, name="Rob Casey", school=MOOR_END)
    make_note(supplier, priya, text="canary-note")
    priya.postings.update(active_to=TODAY, is_primary=False)
    add_posting(priya, LADYWOOD, since=TODAY)
    moved = seen_by(priya, supplier)
    priya.state, priya.left_at = MemberState.LEFT, timezone.now()
    priya.save()

    assert moved == ["canary-note"]
    assert seen_by(priya, supplier) == []
    assert seen_by(colleague, supplier) == ["canary-note"]


def test_notes_of_two_schools_without_an_id_are_not_mixed(in_alder: Network) -> None:
    rob = make_member(in_alder, name="Rob Casey", school="Not registered")
    sam = make_member(in_alder, name="Sam Oduya", school="Not registered")
    supplier = make_supplier(rob)
    make_note(supplier, rob, text="canary-note")

    assert seen_by(rob, supplier) == ["canary-note"]
    assert seen_by(sam, supplier) == []


def test_notes_come_newest_first(in_alder: Network, priya) -> None:
    supplier = make_supplier(priya)
    for day in (3, 5, 4):
        make_note(supplier, priya, text=f"day {day}", day=date(2026, 9, day))

    assert seen_by(priya, supplier) == ["day 5", "day 4", "day 3"]


def test_current_postings_begins_with_the_primary(in_alder: Network, priya) -> None:
    add_posting(priya, LADYWOOD, since=date(2025, 9, 1))
    add_posting(priya, SchoolFacts("Left", school_id=new_id()), since=date(2020, 9, 1), until=TODAY)

    held = selectors.current_postings(priya, on=TODAY)

    assert [posting.school_name for posting in held] == ["Moor End Primary School", "Ladywood Community School"]
