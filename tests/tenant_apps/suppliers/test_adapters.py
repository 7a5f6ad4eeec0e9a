"""Recommendations through the same sharing as discussions; and service notes, which never leave."""

import json

import pytest
from django.core import serializers
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from collective.publications.enums import Identity, PublicationKind
from collective.publications.models import Publication, PublicationReply
from shared_apps.mail.models import Message
from tenant_apps.sharing import services as sharing
from tenant_apps.sharing.enums import LedgerAction, ShareState
from tenant_apps.sharing.models import LedgerEntry, SharedItem
from tenant_apps.sharing.services import Choice, SharingRefusedError
from tenant_apps.suppliers import services
from tenant_apps.suppliers.adapters import RecommendationAdapter
from tenant_apps.suppliers.enums import SHARE_KIND
from tenant_apps.suppliers.models import Recommendation, SupplierCategory
from tenants.context import in_collective, in_network
from tenants.ids import new_id
from tenants.models import Network
from tests.builders import meanwhile
from tests.builders.suppliers import make_note, make_recommendation, make_supplier, share


@pytest.fixture
def recommendation(in_alder: Network, priya):
    supplier = make_supplier(priya, website="www.greenfield.example", categories=("Catering", "Cleaning"))
    return make_recommendation(supplier, priya)


def published() -> list[Publication]:
    with in_collective(joining_transaction=True):
        return list(Publication.objects.all())


def in_the_collective() -> str:
    with in_collective(joining_transaction=True):
        rows = [*Publication.objects.all(), *PublicationReply.objects.all()]
        return serializers.serialize("json", rows, ensure_ascii=False)


def ledger() -> list[str]:
    return list(LedgerEntry.objects.order_by("at", "id").values_list("action", flat=True))


@pytest.mark.parametrize("identity", Identity.values)
def test_share_publishes_what_the_preview_showed(recommendation, priya, identity) -> None:
    choice = Choice(identity=Identity(identity), redactions=["fridge"])

    preview = sharing.preview(SHARE_KIND, recommendation.id, choice)
    sharing.share_item(SHARE_KIND, recommendation.id, choice, by=priya)

    (publication,) = published()
    recommendation.refresh_from_db()
    assert {name: getattr(publication, name) for name in preview.draft.fields()} == preview.draft.fields()
    assert recommendation.publication_id == publication.id
    assert ledger() == [LedgerAction.SHARED]


def test_share_says_what_others_need(recommendation, priya) -> None:
    share(recommendation, priya)

    (publication,) = published()
    assert (publication.kind, publication.title, publication.body, publication.category) == (
        PublicationKind.RECOMMENDATION,
        "Greenfield Kitchens: would use again",
        "They turned up the same day when the fridge failed.",
        "Catering",
    )
    assert (publication.supplier_key, publication.supplier_name, publication.supplier_website) == (
        "greenfield.example",
        "Greenfield Kitchens",
        "https://www.greenfield.example",
    )
    assert (publication.response, publication.quality, publication.value, publication.would_use_again) == (
        5,
        4,
        3,
        True,
    )
    assert (publication.phase, publication.size) == ("Primary", "211 to 420")


def test_share_of_an_anonymous_one_names_no_school_phase_or_size(recommendation, priya) -> None:
    share(recommendation, priya, identity=Identity.ANONYMOUS)

    (publication,) = published()
    assert (publication.phase, publication.size, publication.shown_name, publication.shown_role) == ("", "", "", "")
    assert publication.shown_at == timezone.localtime(publication.shown_at).replace(
        hour=0, minute=0, second=0, microsecond=0
    )


def test_share_takes_only_what_leaves(recommendation, priya, helen) -> None:
    make_recommendation(recommendation.supplier, helen, text="canary-not-shared")
    make_note(recommendation.supplier, priya, text="canary-private-note")

    share(recommendation, priya)

    left = in_the_collective()
    assert "fridge" in left
    for kept in ("canary", str(recommendation.id), str(recommendation.supplier_id), str(priya.id), priya.email):
        assert kept not in left


def test_notes_are_in_no_source_preview_publication_job_or_mail(recommendation, priya) -> None:
    note = make_note(recommendation.supplier, priya, text="canary-private-note")
    everywhere = [repr(RecommendationAdapter().load(recommendation.id))]
    for identity in Identity:
        preview = sharing.preview(SHARE_KIND, recommendation.id, Choice(identity=identity))
        everywhere += [repr(preview), json.dumps(preview.draft.fields(), default=str)]
    share(recommendation, priya)
    services.edit_note(note, happened_on=note.happened_on, text="canary-changed-note", by=priya)
    services.edit_recommendation(recommendation, text="Changed.", by=priya)
    rows = [*DBTaskResult.objects.all(), *Message.objects.all(), *SharedItem.objects.all(), *LedgerEntry.objects.all()]
    everywhere += [in_the_collective(), serializers.serialize("json", rows)]

    assert "Changed." in "".join(everywhere)
    assert "canary" not in "".join(everywhere)


def test_an_edit_follows_into_the_publication(recommendation, priya) -> None:
    share(recommendation, priya)

    services.edit_recommendation(recommendation, text="Gone downhill.", value=1, would_use_again=False, by=priya)

    (publication,) = published()
    assert (publication.title, publication.body, publication.value, publication.would_use_again) == (
        "Greenfield Kitchens: would not use again",
        "Gone downhill.",
        1,
        False,
    )
    assert ledger() == [LedgerAction.SHARED, LedgerAction.UPDATED]


def test_a_correction_of_the_supplier_follows_into_what_is_shared(recommendation, priya, helen) -> None:
    supplier = recommendation.supplier
    make_recommendation(supplier, helen)
    share(recommendation, priya)

    services.edit_supplier(
        supplier,
        name="Greenfold Kitchens",
        website="greenfold.example",
        description="",
        categories=list(SupplierCategory.objects.filter(name="Premises")),
        by=helen,
    )

    (publication,) = published()
    assert (publication.title, publication.supplier_name, publication.supplier_key, publication.category) == (
        "Greenfold Kitchens: would use again",
        "Greenfold Kitchens",
        "greenfold.example",
        "Premises",
    )


def test_a_category_the_network_keeps_does_not_leave_beside_another(recommendation, priya, helen) -> None:
    sharing.update_policy(approval_required=False, kept_categories=["cleaning"], blocked_networks=[], by=helen)

    with pytest.raises(SharingRefusedError, match="keeps Cleaning to itself"):
        share(recommendation, priya)

    assert published() == []


def test_moving_a_supplier_into_a_kept_category_withdraws(recommendation, priya, helen) -> None:
    share(recommendation, priya)
    sharing.update_policy(approval_required=False, kept_categories=["Insurance"], blocked_networks=[], by=helen)
    supplier = recommendation.supplier

    services.edit_supplier(
        supplier,
        name=supplier.name,
        website=supplier.website,
        description="",
        categories=list(SupplierCategory.objects.filter(name__in=["Catering", "Insurance"])),
        by=priya,
    )

    recommendation.refresh_from_db()
    assert (published(), recommendation.publication_id) == ([], None)


def test_withdraw_leaves_the_recommendation_here(recommendation, priya) -> None:
    share(recommendation, priya)

    sharing.withdraw_item(SHARE_KIND, recommendation.id, by=priya)

    recommendation.refresh_from_db()
    assert (published(), recommendation.publication_id) == ([], None)


def test_only_the_author_shares(recommendation, helen) -> None:
    with pytest.raises(SharingRefusedError, match="Only the person who wrote this"):
        share(recommendation, helen)


@pytest.mark.parametrize("who", ["priya", "helen"])
def test_removing_withdraws_first(recommendation, priya, helen, who) -> None:
    share(recommendation, priya)

    services.remove_recommendation(recommendation, by={"priya": priya, "helen": helen}[who])

    item = SharedItem.objects.get()
    assert (published(), Recommendation.objects.count(), item.state) == ([], 0, ShareState.WITHDRAWN)
    assert ledger() == [LedgerAction.SHARED, LedgerAction.WITHDRAWN]


def test_removing_takes_a_waiting_request_back(recommendation, priya, helen) -> None:
    sharing.update_policy(approval_required=True, kept_categories=[], blocked_networks=[], by=helen)
    share(recommendation, priya)

    services.remove_recommendation(recommendation, by=priya)

    assert SharedItem.objects.get().state == ShareState.WITHDRAWN


def test_an_edit_that_fails_leaves_the_publication_as_it_was(recommendation, priya) -> None:
    share(recommendation, priya)

    with pytest.raises(services.SupplierError):
        services.edit_recommendation(recommendation, text="Changed.", value=9, by=priya)

    recommendation.refresh_from_db()
    assert ("Changed." in in_the_collective(), recommendation.text.startswith("They")) == (False, True)


def test_adapter_knows_its_categories_and_paths(recommendation) -> None:
    adapter = RecommendationAdapter()

    assert adapter.path(recommendation.id) == f"/recommendations/{recommendation.id}/"
    assert adapter.categories()[:2] == ["Catering", "Cleaning"]
    assert adapter.load(new_id()) is None


def test_the_longest_supplier_name_fits_the_publication(in_alder: Network, priya) -> None:
    supplier = make_supplier(priya, name="x" * 120)

    share(make_recommendation(supplier, priya, would_use_again=False), priya)

    (publication,) = published()
    assert publication.title == f"{'x' * 120}: would not use again"


def run_while_sharing(alder: Network, priya, recommendation: Recommendation, act) -> None:
    """Share in one transaction, and begin `act` in another that must wait for the first to commit."""

    def second() -> None:
        with in_network(alder):
            act()

    with in_network(alder), transaction.atomic():
        sharing.share_item(SHARE_KIND, recommendation.id, Choice(identity=Identity.NAMED), by=priya)
        end = meanwhile.begin(second)
    end()


@pytest.mark.django_db(transaction=True)
def test_removing_one_that_is_being_shared_leaves_nothing_out(alder: Network, priya) -> None:
    with in_network(alder):
        recommendation = make_recommendation(make_supplier(priya), priya)

    run_while_sharing(alder, priya, recommendation, lambda: services.remove_recommendation(recommendation, by=priya))

    with in_network(alder):
        assert (published(), Recommendation.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_correcting_a_supplier_reaches_what_is_being_shared(alder: Network, priya) -> None:
    with in_network(alder):
        supplier = make_supplier(priya)
        recommendation = make_recommendation(supplier, priya)
        chosen = list(supplier.categories.all())

    run_while_sharing(
        alder,
        priya,
        recommendation,
        lambda: services.edit_supplier(
            supplier, name="Greenfold", website="", description="", categories=chosen, by=priya
        ),
    )

    assert [publication.supplier_name for publication in published()] == ["Greenfold"]
