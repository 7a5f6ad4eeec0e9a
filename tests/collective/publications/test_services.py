"""Publications and replies: what is written, counted and refused, inside the collective schema."""

import pytest

from collective.publications import selectors, services
from collective.publications.drafts import Draft, Replier, shown_time
from collective.publications.enums import Identity, PublicationKind
from collective.publications.models import Origin, Publication, PublicationReply, ReturnedReply
from collective.publications.services import PublicationGoneError, ReplyRefusedError
from collective.publications.signals import publication_replied, publication_saved, reply_withdrawn
from tenants.context import in_collective
from tenants.ids import new_id, random_id
from tenants.models import Network
from tests.builders.publications import AT, draft, heard, publish, reply

ACCOUNT = new_id()


@pytest.fixture
def collective(alder: Network, birch: Network):
    with in_collective():
        yield


def test_publish_writes_then_brings_up_to_date(collective, alder: Network) -> None:
    publication_id = random_id()
    with heard(publication_saved) as told:
        for title in ("First", "Second"):
            services.publish(draft(title=title), origin_id=alder.id, publication_id=publication_id)

    publication = Publication.objects.get()
    assert (publication.id, publication.title, publication.version) == (publication_id, "Second", 2)
    assert [each["publication"].title for each in told] == ["First", "Second"]


def test_publish_never_writes_over_another_networks(collective, alder: Network, birch: Network) -> None:
    theirs = publish(birch, title="Canary birch")

    with pytest.raises(Exception, match="duplicate key"):
        services.publish(draft(title="Ours now"), origin_id=alder.id, publication_id=theirs.id)


def test_an_anonymous_publication_that_names_somebody_is_refused_by_the_database(collective, alder: Network) -> None:
    with pytest.raises(Exception, match="publication_anonymous_shows_nobody"):
        publish(alder, identity=Identity.ANONYMOUS, shown_network="Alder")


def test_reply_counts_and_tells(collective, alder: Network, birch: Network) -> None:
    publication = publish(alder)
    with heard(publication_replied) as told:
        made = reply(publication, birch, body="  We use\r\nCircuit Sense. ")

    publication.refresh_from_db()
    assert (made.body, made.network_id, publication.reply_count, publication.is_answered) == (
        "We use\nCircuit Sense.",
        birch.id,
        1,
        False,
    )
    assert [each["reply"] for each in told] == [made]


@pytest.mark.parametrize("body", ["", " ", "\u200b\x00", "x" * 20_001])
def test_reply_refuses_what_says_nothing_or_too_much(collective, alder: Network, birch: Network, body) -> None:
    publication = publish(alder)

    with pytest.raises(ReplyRefusedError):
        reply(publication, birch, body=body)

    assert not PublicationReply.objects.exists()


def test_reply_is_refused_at_home_to_recommendations_and_to_what_one_may_not_see(
    collective, alder: Network, birch: Network
) -> None:
    question = publish(alder)
    recommendation = publish(alder, kind=PublicationKind.RECOMMENDATION, supplier_key="acme", supplier_name="Acme")

    with pytest.raises(ReplyRefusedError, match="own network"):
        reply(question, alder)
    with pytest.raises(ReplyRefusedError, match="takes no answers"):
        reply(recommendation, birch)
    services.save_origin(alder, blocks=[birch.id])
    with pytest.raises(PublicationGoneError):
        reply(question, birch)
    services.save_origin(alder, blocks=[], is_visible=False)
    with pytest.raises(PublicationGoneError):
        reply(question, birch)


def test_own_replies_are_changed_and_taken_back(collective, alder: Network, birch: Network) -> None:
    publication = publish(alder)
    made = reply(publication, birch, account_id=ACCOUNT)

    for act in (services.edit_reply, services.withdraw_reply):
        with pytest.raises(ReplyRefusedError):
            act(made, account_id=new_id(), **({"body": "x"} if act is services.edit_reply else {}))
    edited = services.edit_reply(made, body="Other", account_id=ACCOUNT)
    with heard(reply_withdrawn) as told:
        services.withdraw_reply(made, account_id=ACCOUNT)

    publication.refresh_from_db()
    assert (edited.body, edited.edited_at is not None, publication.reply_count) == ("Other", True, 0)
    assert [each["reply_id"] for each in told] == [made.id]


def test_marking_answers_is_for_the_origin_alone(collective, alder: Network, birch: Network) -> None:
    publication = publish(alder)
    made = reply(publication, birch)
    known = {"publication_id": publication.id, "is_answer": True}

    for wrong in ({"origin_id": birch.id}, {"origin_id": alder.id, "publication_id": publish(alder).id}):
        with pytest.raises(PublicationGoneError):
            services.mark_reply_as_answer(made.id, **known | wrong)
    services.mark_reply_as_answer(made.id, origin_id=alder.id, **known)

    publication.refresh_from_db()
    assert publication.is_answered


def test_withdraw_returns_the_replies_once(collective, alder: Network, birch: Network) -> None:
    publication = publish(alder)
    named, nameless = reply(publication, birch), reply(publication, birch, identity=Identity.ANONYMOUS)

    assert services.withdraw_publication(publication.id, origin_id=birch.id) == []
    home = services.withdraw_publication(publication.id, origin_id=alder.id)

    assert [(each.id, each.created_at) for each in home] == [
        (named.id, named.created_at),
        (nameless.id, shown_time(nameless.created_at, Identity.ANONYMOUS)),
    ]
    assert not any("account" in field for field in home[0].__dataclass_fields__)
    assert services.withdraw_publication(publication.id, origin_id=alder.id) == []
    assert (Publication.objects.count(), PublicationReply.objects.count(), ReturnedReply.objects.count()) == (0, 0, 2)
    for act in (services.edit_reply, services.withdraw_reply):
        with pytest.raises(PublicationGoneError):
            act(named, account_id=named.account_id, **({"body": "x"} if act is services.edit_reply else {}))


def test_a_returned_reply_is_taken_back_by_its_author_once(collective, alder: Network, birch: Network) -> None:
    publication = publish(alder)
    made = reply(publication, birch, account_id=ACCOUNT)
    services.withdraw_publication(publication.id, origin_id=alder.id)
    returned = ReturnedReply.objects.get()

    with pytest.raises(ReplyRefusedError):
        services.withdraw_returned_reply(returned, account_id=new_id())
    services.withdraw_returned_reply(returned, account_id=ACCOUNT)
    first = ReturnedReply.objects.get().withdrawn_at
    services.withdraw_returned_reply(returned, account_id=ACCOUNT)

    assert (returned.id, returned.origin_id) == (made.id, alder.id)
    assert first == ReturnedReply.objects.get().withdrawn_at is not None


def test_save_origin_keeps_blocks_it_is_not_told_and_never_blocks_itself(collective, alder: Network, birch) -> None:
    services.save_origin(alder, blocks=[birch.id, alder.id])
    services.save_origin(alder)

    assert Origin.objects.get(id=alder.id).blocks == [birch.id]


def test_forget_strays_leaves_replies_alone(collective, alder: Network, birch: Network) -> None:
    kept, stray = publish(alder), publish(alder)
    reply(stray, birch)

    assert services.forget_strays(alder.id, keep={kept.id}) == 1

    assert list(Publication.objects.all()) == [kept]
    assert selectors.stray_reply_ids() == [PublicationReply.objects.get().id]


def test_says_the_same(collective, alder: Network) -> None:
    said = Draft(kind=PublicationKind.QUESTION, identity=Identity.NAMED, title="x", body="y", shown_at=AT)
    services.publish(said, origin_id=alder.id, publication_id=(publication_id := random_id()))

    assert selectors.says_the_same(publication_id, said)
    assert not selectors.says_the_same(publication_id, draft())
    assert not selectors.says_the_same(random_id(), said)


def test_a_replier_is_shown_as_they_chose(collective, alder: Network, birch: Network) -> None:
    replier = Replier(account_id=ACCOUNT, network_id=birch.id, identity=Identity.ANONYMOUS)

    made = services.reply_to_publication(publish(alder), body="x", replier=replier)

    assert (made.id.version, made.shown_name, made.shown_network) == (4, "", "")
