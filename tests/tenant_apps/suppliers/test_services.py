"""Suppliers, recommendations and notes: what is written, what is refused, and that the figures always agree."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shared_apps.audit.models import Event
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Posting
from tenant_apps.suppliers import services
from tenant_apps.suppliers.enums import SizeBand
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier, SupplierCategory
from tenants.beginnings import USUAL
from tenants.context import in_network
from tenants.ids import new_id
from tenants.models import Network
from tests.builders.at_once import at_once, within
from tests.builders.members import MOOR_END, make_member
from tests.builders.suppliers import SAID, make_note, make_recommendation, make_supplier


def events() -> list[str]:
    return list(Event.objects.filter(name__startswith="suppliers.").order_by("at", "id").values_list("name", flat=True))


def figures(supplier: Supplier) -> tuple:
    supplier.refresh_from_db()
    return (
        supplier.recommendation_count,
        supplier.again_count,
        supplier.mean_response,
        supplier.mean_quality,
        supplier.mean_value,
    )


def test_a_new_network_has_the_usual_categories(in_alder: Network) -> None:
    assert tuple(SupplierCategory.objects.values_list("name", flat=True)) == USUAL.services


def test_seed_categories_leaves_those_that_are_there(in_alder: Network) -> None:
    SupplierCategory.objects.exclude(name="Print").delete()

    services.seed_categories()

    assert [category.name for category in SupplierCategory.objects.all()] == ["Print"]


def test_add_supplier_keeps_a_tidy_copy(in_alder: Network, priya) -> None:
    supplier = make_supplier(
        priya,
        name="  Greenfield   Kitchens ",
        website=" WWW.Greenfield.example/schools/?utm=1#top ",
        description="Cooks\r\nfor schools. ",
        categories=("Catering", "Cleaning"),
    )

    supplier.refresh_from_db()
    assert (supplier.name, supplier.website, supplier.website_host, supplier.description, supplier.created_by) == (
        "Greenfield Kitchens",
        "https://www.greenfield.example/schools",
        "greenfield.example",
        "Cooks\nfor schools.",
        priya,
    )
    assert [category.name for category in supplier.categories.all()] == ["Catering", "Cleaning"]
    assert events() == ["suppliers.supplier.added"]


@pytest.mark.parametrize(
    ("name", "website"),
    [
        ("greenfield KITCHENS", ""),
        ("Another name", "http://greenfield.example/contact"),
        ("Another name", "https://www.greenfield.example"),
    ],
)
def test_add_supplier_says_which_one_is_the_same(in_alder: Network, priya, name, website) -> None:
    supplier = make_supplier(priya, website="greenfield.example")

    with pytest.raises(services.AlreadyListedError, match=r"Greenfield Kitchens is here already\.") as caught:
        make_supplier(priya, name=name, website=website)

    assert caught.value.supplier == supplier
    assert Supplier.objects.count() == 1


def test_add_supplier_without_a_website_is_not_the_same_as_another_without(in_alder: Network, priya) -> None:
    make_supplier(priya, name="One")
    make_supplier(priya, name="Two")

    assert Supplier.objects.filter(website="").count() == 2


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"name": " \x00 "}, "name", "Write the supplier’s name."),
        ({"name": "x" * 121}, "name", "At most 120 characters"),
        ({"description": "x" * 2001}, "description", "At most 2,000 characters"),
        ({"website": "javascript:alert(1)"}, "website", "Write an address like"),
        ({"website": "https://facebook.com/greenfield"}, "website", "own website"),
        ({"categories": ()}, "categories", "Choose at least one category"),
    ],
)
def test_add_supplier_refuses_with_the_field(in_alder: Network, priya, values, field, message) -> None:
    with pytest.raises(services.SupplierError, match=message) as caught:
        make_supplier(priya, **values)

    assert caught.value.field == field
    assert not Supplier.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_at_once_leave_one(alder: Network) -> None:
    members = [make_member(alder, name=name) for name in ("Priya Raman", "Rob Casey")]

    first, second = at_once(*[within(alder, make_supplier, each, website="greenfield.example") for each in members])

    refused, made = (first, second) if isinstance(first, Exception) else (second, first)
    assert isinstance(refused, services.AlreadyListedError)
    assert refused.supplier == made


def test_edit_supplier_is_for_every_member_and_is_kept(in_alder: Network, priya, helen) -> None:
    supplier = make_supplier(helen)
    chosen = list(SupplierCategory.objects.filter(name="Cleaning"))

    edited = services.edit_supplier(
        supplier, name="Greenfold Kitchens", website="greenfold.example", description="", categories=chosen, by=priya
    )

    event = Event.objects.get(name="suppliers.supplier.edited")
    assert (edited.name, edited.website_host) == ("Greenfold Kitchens", "greenfold.example")
    assert [category.name for category in edited.categories.all()] == ["Cleaning"]
    assert (event.actor_id, event.target_id, event.fields) == (
        priya.account_id,
        supplier.id,
        ["categories", "name", "website", "website_host"],
    )


def test_edit_supplier_writes_nothing_when_nothing_changed(in_alder: Network, priya) -> None:
    supplier = make_supplier(priya)

    services.edit_supplier(
        supplier, name=supplier.name, website="", description="", categories=list(supplier.categories.all()), by=priya
    )

    assert events() == ["suppliers.supplier.added"]


def test_edit_supplier_cannot_take_anothers_name(in_alder: Network, priya) -> None:
    make_supplier(priya)
    other = make_supplier(priya, name="Brightside Cleaning")

    with pytest.raises(services.AlreadyListedError):
        services.edit_supplier(
            other,
            name="Greenfield kitchens",
            website="",
            description="",
            categories=list(other.categories.all()),
            by=priya,
        )

    other.refresh_from_db()
    assert other.name == "Brightside Cleaning"


def test_archive_supplier_is_for_organisers_and_can_be_undone(in_alder: Network, priya, helen) -> None:
    supplier = make_supplier(priya)

    with pytest.raises(services.NotAllowedError):
        services.archive_supplier(supplier, is_archived=True, by=priya)
    archived = services.archive_supplier(supplier, is_archived=True, by=helen).is_archived
    back = services.archive_supplier(supplier, is_archived=False, by=helen).is_archived

    assert (archived, back) == (True, False)
    assert [event.details for event in Event.objects.filter(name="suppliers.supplier.archived").order_by("at")] == [
        {"is_archived": True},
        {"is_archived": False},
    ]


def test_recommend_takes_phase_and_size_from_the_authors_school(in_alder: Network, priya) -> None:
    recommendation = make_recommendation(make_supplier(priya), priya)

    assert (recommendation.phase, recommendation.size) == ("Primary", SizeBand.MEDIUM)
    assert events() == ["suppliers.supplier.added", "suppliers.recommendation.made"]


def test_recommend_takes_phase_and_size_as_given(in_alder: Network, priya) -> None:
    recommendation = make_recommendation(make_supplier(priya), priya, phase="Secondary", size="")

    assert (recommendation.phase, recommendation.size) == ("Secondary", "")


def test_recommend_without_a_school_says_nothing_of_it(in_alder: Network, helen) -> None:
    recommendation = make_recommendation(make_supplier(helen), helen)

    assert (recommendation.phase, recommendation.size) == ("", "")


def test_recommend_is_once_for_each_member(in_alder: Network, priya) -> None:
    supplier = make_supplier(priya)
    first = make_recommendation(supplier, priya)

    with pytest.raises(services.AlreadyRecommendedError) as caught:
        make_recommendation(supplier, priya, value=1)

    assert caught.value.recommendation == first
    assert figures(supplier)[0] == 1


def test_recommend_refuses_an_archived_supplier(in_alder: Network, helen) -> None:
    supplier = make_supplier(helen)
    services.archive_supplier(supplier, is_archived=True, by=helen)

    with pytest.raises(services.NotAllowedError, match="archived"):
        make_recommendation(supplier, helen)


@pytest.mark.parametrize("name", ["response", "quality", "value"])
@pytest.mark.parametrize("mark", [0, 6, -1, 32768, True, "5", 4.5, None])
def test_recommend_refuses_marks_outside_one_to_five(in_alder: Network, priya, name, mark) -> None:
    supplier = make_supplier(priya)

    with pytest.raises(services.SupplierError, match=f"{name.capitalize()} is a mark from 1 to 5") as caught:
        make_recommendation(supplier, priya, **{name: mark})

    assert caught.value.field == name
    assert not Recommendation.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"would_use_again": None}, "would_use_again"),
        ({"text": " \x00\n"}, "text"),
        ({"text": "x" * 5001}, "text"),
        ({"phase": "x" * 41}, "phase"),
        ({"size": "enormous"}, "size"),
    ],
)
def test_recommend_refuses_with_the_field(in_alder: Network, priya, said, field) -> None:
    supplier = make_supplier(priya)

    with pytest.raises(services.SupplierError) as caught:
        make_recommendation(supplier, priya, **said)

    assert caught.value.field == field
    assert not Recommendation.objects.exists()


@pytest.mark.parametrize("mark", [0, 6])
@pytest.mark.parametrize("name", ["response", "quality", "value"])
def test_the_database_refuses_marks_outside_one_to_five(in_alder: Network, priya, name, mark) -> None:
    supplier = make_supplier(priya)

    with pytest.raises(IntegrityError, match="recommendation_marks_one_to_five"), transaction.atomic():
        Recommendation.objects.create(supplier=supplier, author=priya, **(SAID | {name: mark}))


def test_the_figures_follow_every_change(in_alder: Network, priya, helen) -> None:
    supplier = make_supplier(priya)
    none = figures(supplier)

    first = make_recommendation(supplier, priya, response=5, quality=4, value=3)
    one = figures(supplier)
    second = make_recommendation(supplier, helen, response=2, quality=4, value=2, would_use_again=False)
    two = figures(supplier)
    services.edit_recommendation(second, response=3, would_use_again=True, by=helen)
    edited = figures(supplier)
    services.remove_recommendation(first, by=priya)
    left = figures(supplier)
    services.remove_recommendation(second, by=helen)

    assert none == (0, 0, None, None, None)
    assert one == (1, 1, Decimal(5), Decimal(4), Decimal(3))
    assert two == (2, 1, Decimal("3.5"), Decimal(4), Decimal("2.5"))
    assert edited == (2, 2, Decimal(4), Decimal(4), Decimal("2.5"))
    assert left == (1, 1, Decimal(3), Decimal(4), Decimal(2))
    assert figures(supplier) == none


@pytest.mark.django_db(transaction=True)
def test_the_figures_lose_none_of_two_at_once(alder: Network) -> None:
    members = [make_member(alder, name=name) for name in ("Priya Raman", "Rob Casey")]
    with in_network(alder):
        supplier = make_supplier(members[0])

    said = at_once(*[within(alder, make_recommendation, supplier, each) for each in members])

    with in_network(alder):
        assert set(Recommendation.objects.all()) == set(said)
        assert figures(supplier)[0] == 2


def test_edit_recommendation_is_for_its_author(in_alder: Network, priya, helen) -> None:
    recommendation = make_recommendation(make_supplier(priya), priya)

    with pytest.raises(services.NotAllowedError):
        services.edit_recommendation(recommendation, text="Never again.", by=helen)

    recommendation.refresh_from_db()
    assert (recommendation.text, recommendation.edited_at) == (SAID["text"], None)


def test_edit_recommendation_notes_what_changed(in_alder: Network, priya) -> None:
    recommendation = make_recommendation(make_supplier(priya), priya)

    services.edit_recommendation(recommendation, text="Better than last year.", value=4, by=priya)

    recommendation.refresh_from_db()
    assert (recommendation.text, recommendation.value, recommendation.response) == ("Better than last year.", 4, 5)
    assert recommendation.edited_at is not None
    assert Event.objects.get(name="suppliers.recommendation.edited").fields == ["text", "value"]


def test_edit_recommendation_writes_nothing_when_nothing_changed(in_alder: Network, priya) -> None:
    recommendation = make_recommendation(make_supplier(priya), priya)

    services.edit_recommendation(recommendation, **SAID, by=priya)

    recommendation.refresh_from_db()
    assert recommendation.edited_at is None
    assert "suppliers.recommendation.edited" not in events()


def test_remove_recommendation_is_for_author_and_organisers(in_alder: Network, priya, helen) -> None:
    rob = make_member(in_alder, name="Rob Casey", role=Role.MODERATOR)
    recommendation = make_recommendation(make_supplier(priya), priya)

    with pytest.raises(services.NotAllowedError):
        services.remove_recommendation(recommendation, by=rob)
    services.remove_recommendation(recommendation, by=helen)

    assert not Recommendation.objects.exists()
    assert events()[-1] == "suppliers.recommendation.removed"


def test_add_note_belongs_to_the_authors_school(in_alder: Network, priya) -> None:
    note = make_note(make_supplier(priya), priya, text=" Late\r\nagain. ", day=date(2026, 11, 6))

    note.refresh_from_db()
    assert (note.school_id, note.school_name, note.happened_on, note.text, note.author) == (
        MOOR_END.school_id,
        "Moor End Primary School",
        date(2026, 11, 6),
        "Late\nagain.",
        priya,
    )


def test_add_note_of_a_school_outside_the_register_is_its_authors_alone(in_alder: Network) -> None:
    member = make_member(in_alder, name="Rob Casey", school="A school nobody registered")

    note = make_note(make_supplier(member), member)

    assert (note.school_id, note.school_name) == (None, "")


def test_add_note_takes_the_school_that_is_chosen(in_alder: Network, priya) -> None:
    second = Posting.objects.create(
        member=priya,
        school_id=new_id(),
        school_name="Ladywood Infants",
        job_title="Bursar",
        active_from=date(2025, 9, 1),
    )

    note = services.add_note(
        make_supplier(priya), happened_on=date(2026, 1, 5), text="Gate stuck.", posting=second, by=priya
    )

    assert (note.school_id, note.school_name) == (second.school_id, "Ladywood Infants")


def test_add_note_refuses_a_school_one_has_left(in_alder: Network, priya) -> None:
    left = Posting.objects.create(
        member=priya,
        school_id=new_id(),
        school_name="Old school",
        job_title="Bursar",
        active_from=date(2020, 9, 1),
        active_to=timezone.localdate(),
    )

    with pytest.raises(services.SupplierError, match="work now"):
        services.add_note(make_supplier(priya), happened_on=date(2026, 1, 5), text="Late.", posting=left, by=priya)


@pytest.mark.parametrize(
    ("day", "text", "field"),
    [
        (timezone.localdate() + timedelta(days=2), "Late.", "happened_on"),
        (date(2026, 1, 5), " \x00 ", "text"),
        (date(2026, 1, 5), "x" * 2001, "text"),
    ],
)
def test_add_note_refuses_with_the_field(in_alder: Network, priya, day, text, field) -> None:
    with pytest.raises(services.SupplierError) as caught:
        make_note(make_supplier(priya), priya, text=text, day=day)

    assert caught.value.field == field
    assert not ServiceNote.objects.exists()


def test_notes_are_changed_and_removed_by_their_author_alone(in_alder: Network, priya) -> None:
    colleague = make_member(in_alder, name="Rob Casey", school=MOOR_END, role=Role.OWNER)
    note = make_note(make_supplier(priya), priya)

    with pytest.raises(services.NotAllowedError):
        services.edit_note(note, happened_on=note.happened_on, text="Never happened.", by=colleague)
    with pytest.raises(services.NotAllowedError):
        services.remove_note(note, by=colleague)
    changed = services.edit_note(note, happened_on=date(2026, 9, 1), text="Late twice.", by=priya)
    services.remove_note(note, by=priya)

    assert (changed.text, changed.happened_on) == ("Late twice.", date(2026, 9, 1))
    assert not ServiceNote.objects.exists()
    assert events()[-3:] == ["suppliers.note.added", "suppliers.note.edited", "suppliers.note.removed"]


def test_the_audit_holds_nothing_of_what_a_note_says(in_alder: Network, priya) -> None:
    note = make_note(make_supplier(priya), priya, text="canary-note-text")
    services.edit_note(note, happened_on=note.happened_on, text="canary-note-changed", by=priya)
    services.remove_note(note, by=priya)

    written = [str(vars(event)) for event in Event.objects.all()]

    assert len(written) >= 4
    assert not [each for each in written if "canary" in each]
