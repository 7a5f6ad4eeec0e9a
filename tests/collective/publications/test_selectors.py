"""What a network may see: nothing of one that is suspended, or that either side blocks, in lists and counts alike."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collective.publications import selectors, services
from collective.publications.enums import Identity, PublicationKind
from collective.publications.permissions import can_edit_reply, can_reply
from tenants.context import in_collective
from tenants.ids import new_id
from tenants.models import Network
from tests.builders.publications import publish, reply

RECOMMENDED = {
    "kind": PublicationKind.RECOMMENDATION,
    "supplier_key": "acme",
    "supplier_name": "Acme",
    "response": 5,
    "quality": 4,
    "value": 3,
    "would_use_again": True,
}


@pytest.fixture
def collective(alder: Network, birch: Network):
    with in_collective():
        yield


@pytest.fixture
def cedar(collective) -> Network:
    network = Network(id=new_id(), name="Cedar Network", subdomain="cedar", colour="#000000", region="")
    services.save_origin(network)
    return network


def seen(network: Network) -> list[str]:
    return sorted(selectors.visible_publications(network.id).values_list("title", flat=True))


def test_blocks_work_both_ways_and_suspension_for_everybody(alder: Network, birch: Network, cedar: Network) -> None:
    for network in (alder, birch, cedar):
        publish(network, title=network.subdomain)
    services.save_origin(alder, blocks=[birch.id])

    assert [seen(network) for network in (alder, birch, cedar)] == [
        ["alder", "cedar"],
        ["birch", "cedar"],
        ["alder", "birch", "cedar"],
    ]

    services.save_origin(cedar, is_visible=False)
    assert [seen(network) for network in (alder, birch, cedar)] == [["alder"], ["birch"], ["alder", "birch"]]
    assert selectors.sight_of(alder.id) == selectors.Sight([birch.id], sorted([birch.id, cedar.id]))
    assert selectors.origin_names(selectors.sight_of(birch.id)) == {birch.id: birch.name}


def test_what_a_closed_network_left_stays_hidden_from_whom_it_blocked(alder, birch, cedar) -> None:
    publish(alder, title="alder")
    services.save_origin(alder, blocks=[birch.id])

    services.keep_after_closing(alder.id)

    assert [seen(birch), seen(cedar)] == [[], ["alder"]]


def test_a_closed_network_hides_nobody_in_its_region(collective) -> None:
    region, ids = "Kent", [new_id() for _ in range(5)]
    for number, each in enumerate(ids):
        services.save_origin(
            Network(id=each, name=f"N{number}", subdomain=f"n{number}", colour="#000000", region=region)
        )
    assert selectors.region_shown(region) == region

    services.keep_after_closing(ids[0])

    assert selectors.region_shown(region) == ""


def test_replies_of_a_blocked_network_are_hidden_and_not_counted(
    alder: Network, birch: Network, cedar: Network
) -> None:
    publication = publish(cedar)
    reply(publication, alder, body="from alder")
    reply(publication, birch, body="from birch")
    services.save_origin(birch, blocks=[alder.id])

    def said_to(network: Network) -> tuple[list[str], int]:
        replies = selectors.visible_replies(publication.id, network_id=network.id)
        found = selectors.get_visible_publication(publication.id, network_id=network.id)
        return [each.body for each in replies], found.shown_replies

    assert [said_to(network) for network in (alder, birch, cedar)] == [
        (["from alder"], 1),
        (["from birch"], 1),
        (["from alder", "from birch"], 2),
    ]


def test_one_publication_is_the_same_as_none_where_it_may_not_be_seen(alder: Network, birch: Network, cedar) -> None:
    publication = publish(alder)
    services.save_origin(birch, blocks=[alder.id])

    assert selectors.get_visible_publication(publication.id, network_id=birch.id) is None
    assert selectors.get_visible_publication(publication.id, network_id=cedar.id) == publication
    assert selectors.publications_by_ids([publication.id], network_id=birch.id) == {}


def test_supplier_keys_are_in_the_order_given_without_those_of_a_blocked_network(alder: Network, birch, cedar) -> None:
    acme, again = (publish(alder, **RECOMMENDED) for _ in range(2))
    zeta = publish(cedar, **RECOMMENDED | {"supplier_key": "zeta"})
    hidden = publish(birch, **RECOMMENDED | {"supplier_key": "hidden"})
    services.save_origin(birch, blocks=[alder.id])

    keys = selectors.supplier_keys([hidden.id, zeta.id, acme.id, new_id(), again.id], network_id=alder.id)

    assert keys == ["zeta", "acme"]


def test_waiting_questions_are_those_of_others_without_an_answer(alder: Network, birch: Network, cedar) -> None:
    publish(alder, title="own")
    publish(birch, title="talk", kind=PublicationKind.DISCUSSION)
    publish(birch, title="answered at home", answered_at_home=True)
    answered = publish(birch, title="answered")
    services.mark_reply_as_answer(
        reply(answered, alder).id, publication_id=answered.id, origin_id=birch.id, is_answer=True
    )
    reply(publish(birch, title="waiting"), alder)

    assert [each.title for each in selectors.waiting_questions(alder.id)] == ["waiting"]


def test_answers_come_first(alder: Network, birch: Network, cedar: Network) -> None:
    publication = publish(alder)
    reply(publication, birch, body="one")
    two = reply(publication, cedar, body="two")
    services.mark_reply_as_answer(two.id, publication_id=publication.id, origin_id=alder.id, is_answer=True)

    assert [each.body for each in selectors.visible_replies(publication.id, network_id=alder.id)] == ["two", "one"]
    assert [each.body for each in selectors.replies_to([publication.id])[publication.id]] == ["two", "one"]


def test_supplier_figures_leave_out_what_one_may_not_see(alder: Network, birch: Network, cedar: Network) -> None:
    publish(alder, **RECOMMENDED)
    publish(birch, **RECOMMENDED | {"would_use_again": False, "value": 1})
    services.save_origin(cedar, blocks=[birch.id])

    everything, less = (selectors.supplier_figures("acme", network_id=network.id) for network in (alder, cedar))

    assert (everything["recommendations"], everything["would_use_again_count"], everything["value_mean"]) == (2, 1, 2)
    assert (less["recommendations"], less["networks"], less["value_mean"]) == (1, 1, 3)
    assert [row["supplier_key"] for row in selectors.supplier_summaries(cedar.id, name="ACM")] == ["acme"]
    assert len(selectors.recommendations_of("acme", network_id=cedar.id)) == 1


def test_no_count_says_which_network_an_anonymous_one_came_from(alder: Network, birch: Network, cedar) -> None:
    """Else "2 schools, in 1 network" beside one name would say that the other is of the same network."""
    publish(alder, **RECOMMENDED)
    publish(alder, identity=Identity.ANONYMOUS, **RECOMMENDED)
    same = selectors.supplier_figures("acme", network_id=birch.id)
    publish(alder, **RECOMMENDED | {"supplier_key": "other"})
    publish(birch, identity=Identity.ANONYMOUS, **RECOMMENDED | {"supplier_key": "other"})
    different = selectors.supplier_figures("other", network_id=birch.id)

    assert (same["networks"], same) == (1, different)


def test_visible_publications_cost_the_same_for_one_and_three(alder: Network, birch: Network, cedar: Network) -> None:
    services.save_origin(alder, blocks=[cedar.id])
    costs = []
    for _ in range(3):
        reply(publish(birch), alder)
        with CaptureQueriesContext(connection) as captured:
            assert all(each.origin.name for each in selectors.visible_publications(alder.id))
        costs.append(len(captured))

    assert costs == [2, 2, 2]


def test_permissions(alder: Network, birch: Network, cedar: Network) -> None:
    question, recommendation = publish(alder), publish(alder, **RECOMMENDED)
    made = reply(question, birch)

    assert [can_reply(network.id, question) for network in (alder, birch)] == [False, True]
    assert can_reply(birch.id, recommendation) is False
    assert [can_edit_reply(account, made) for account in (made.account_id, new_id())] == [True, False]
