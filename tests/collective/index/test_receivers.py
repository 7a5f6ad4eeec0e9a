"""The index follows publications, in the same transaction."""

from datetime import timedelta

import pytest
from django.db import transaction

from collective.index import tasks
from collective.index.models import PublicationEntry, PublicationTermChange
from collective.index.selectors import Filters, search
from collective.publications.drafts import Draft, Replier
from collective.publications.enums import Identity, PublicationKind
from collective.publications.models import Origin
from collective.publications.services import publish, reply_to_publication, withdraw_publication
from collective.publications.signals import origin_changed
from tenants.ids import new_id
from tests.collective.index.conftest import ALDER, BIRCH, DAY


@pytest.fixture
def origins(collective):
    """Make two networks known to the Collective."""
    return [Origin.objects.create(id=each, name=str(each), subdomain="x", colour="#00696b") for each in (ALDER, BIRCH)]


def share(origin_id=ALDER, **given):
    draft = {
        "kind": PublicationKind.QUESTION,
        "identity": Identity.NAMED,
        "title": "Solar panels?",
        "body": "Does **anybody** use [them](https://example.org)?",
        "shown_at": DAY,
        "category": "Premises",
        "phase": "Primary",
        "shown_network": "Alder",
    }
    if given.get("identity") == Identity.ANONYMOUS:
        draft["shown_network"] = ""
    return publish(Draft(**{**draft, **given}), origin_id=origin_id, publication_id=given.pop("id", None) or new_id())


def answer(publication, body: str, network_id=BIRCH):
    replier = Replier(account_id=new_id(), network_id=network_id, identity=Identity.NAMED, shown_name="Sam")
    return reply_to_publication(publication, body=body, replier=replier)


def test_a_publication_is_found_with_its_facts(origins):
    publication = share()

    hit = search("solar").hits[0]

    assert hit.id == publication.id
    assert hit.passage_html == "Does anybody use them?"
    assert (hit.entry.kind, hit.entry.category, hit.entry.phase) == ("question", "Premises", "Primary")
    assert (hit.entry.network_id, hit.entry.is_answered, hit.entry.published_at) == (ALDER, False, DAY)


def test_an_edited_publication_is_found_by_its_new_words_only(origins):
    publication = share()

    publish(
        Draft(kind=PublicationKind.QUESTION, identity=Identity.NAMED, title="Wind?", body="", shown_at=DAY),
        origin_id=ALDER,
        publication_id=publication.id,
    )

    assert search("solar").total == 0
    assert search("wind").total == 1


def test_a_publication_is_found_by_the_answers_to_it(origins):
    publication = share()
    answer(publication, "We have *forty* on the gymnasium.")

    hit = search("gymnasium").hits[0]

    assert hit.id == publication.id
    assert hit.answer_html == "We have forty on the <mark>gymnasium</mark>."


def test_a_withdrawn_publication_is_gone_with_its_figures(origins):
    publication = share()
    kept = share(title="Solar heating")
    answer(publication, "gymnasium")

    withdraw_publication(publication.id, origin_id=ALDER)

    assert [hit.id for hit in search("solar").hits] == [kept.id]
    assert search("gymnasium").total == 0
    assert search("").total == 1


def test_what_was_rolled_back_was_never_found(origins):
    with transaction.atomic():
        share()
        transaction.set_rollback(True)

    assert search("solar").total == 0
    assert not PublicationTermChange.objects.exists()


def test_an_anonymous_publication_is_found_under_no_network_and_still_blocked(origins):
    share(identity=Identity.ANONYMOUS)

    page = search("solar")

    assert page.total == 1
    assert page.facets["network"] == ()
    assert page.hits[0].entry.published_at == DAY
    assert search("solar", filters=Filters(network=[ALDER])).total == 0
    assert search("solar", exclude_networks=[ALDER]).total == 0


def test_a_suspended_networks_publications_are_hidden_until_it_is_back(origins):
    share()
    theirs = share(BIRCH)
    origin = origins[0]

    origin.is_visible = False
    origin.save()
    origin_changed.send(Origin, origin=origin)
    share(title="Solar, written while suspended")
    hidden = [hit.id for hit in search("solar").hits]
    origin.is_visible = True
    origin.save()
    origin_changed.send(Origin, origin=origin)

    assert hidden == [theirs.id]
    assert search("solar").total == 3


def test_the_scheduled_fold_keeps_what_is_found(origins):
    share()
    share(title="Solar later", shown_at=DAY + timedelta(days=1))
    before = [(hit.id, hit.score) for hit in search("solar").hits]

    tasks.fold_statistics.run_now()

    assert [(hit.id, hit.score) for hit in search("solar").hits] == before
    assert not PublicationTermChange.objects.exists()
    assert PublicationEntry.objects.count() == 2
