"""Discussions and replies are reported, hidden and shown like everything else; who asks without a name keeps that."""

import pytest

from shared_apps.accounts.models import User
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.moderation import services
from tenant_apps.moderation.enums import ActKind
from tenants.context import in_network
from tests.builders import accounts as accounts_builder
from tests.builders.discussions import make_discussion, share
from tests.builders.members import client_of, make_member


@pytest.fixture
def talk(alder, people):
    """A discussion of the author's with a reply of theirs."""
    with in_network(alder):
        discussion = make_discussion(people["author"])
        discussions.post_reply(discussion, body="You are all fools.", by=people["author"])
        return Discussion.objects.get(id=discussion.id)


def hidden(kind: str, object_id, people):
    case = services.report(kind, object_id, reason="rude", by=people["reader"]).case
    return services.decide(case, kind=ActKind.HIDDEN, reason="An insult.", by=people["moderator"])


def test_hidden_reply_is_gone_for_readers_and_back_when_shown(alder, people, talk):
    client = client_of(people["reader"], alder)
    with in_network(alder):
        reply = Reply.objects.get()
    assert f"/report/reply/{reply.id}/" in client.get(f"/discussions/{talk.id}/").text

    with in_network(alder):
        act = hidden("reply", reply.id, people)
    assert "You are all fools." not in client.get(f"/discussions/{talk.id}/").text

    with in_network(alder):
        services.take_back(act, reason="A joke.", by=people["moderator"])
    assert "You are all fools." in client.get(f"/discussions/{talk.id}/").text


def test_hidden_discussion_is_gone_for_readers_and_taken_back_from_the_collective(alder, people, talk):
    with in_network(alder):
        share(talk, people["author"])
        hidden("discussion", talk.id, people)
        talk.refresh_from_db()

    assert talk.publication_id is None
    assert client_of(people["reader"], alder).get(f"/discussions/{talk.id}/").status_code == 404
    assert client_of(people["reader"], alder).get(f"/report/discussion/{talk.id}/").status_code == 404


def test_who_asked_without_a_name_is_named_to_nobody(alder, people, talk):
    with in_network(alder):
        Discussion.objects.filter(id=talk.id).update(is_anonymous=True)
        act = hidden("reply", Reply.objects.get().id, people)
    moderator, reader = client_of(people["moderator"], alder), client_of(people["reader"], alder)

    pages = [
        moderator.get(path).text
        for path in (
            "/manage/moderation/?show=decided",
            f"/manage/moderation/{act.case_id}/",
            "/manage/moderation/log/",
            f"/manage/moderation/acts/{act.id}/take-back/",
        )
    ]
    pages += [reader.get(path).text for path in (f"/report/discussion/{talk.id}/", "/moderation/")]

    assert [page for page in pages if "Ada" in page] == []
    assert "A member, anonymously" in pages[1]


def test_suspended_member_neither_asks_nor_replies_nor_edits(alder, people, talk):
    with in_network(alder):
        case = services.report("discussion", talk.id, reason="rude", by=people["reader"]).case
        services.decide(case, kind=ActKind.SUSPENDED, reason="Enough.", by=people["moderator"])
        author = type(people["author"]).objects.get(id=people["author"].id)
        for act in (
            lambda: make_discussion(author),
            lambda: discussions.post_reply(talk, body="Me again.", by=author),
            lambda: discussions.edit_reply(Reply.objects.get(), body="Worse.", by=author),
        ):
            with pytest.raises(discussions.NotAllowedError):
                act()
    page = client_of(people["author"], alder).get(f"/discussions/{talk.id}/")
    assert "cannot write until" in page.text
    assert "a moderator lifts this" in " ".join(page.text.split())


def test_what_a_moderator_hides_in_the_discussion_is_in_the_log_and_can_be_appealed(alder, people, talk):
    with in_network(alder):
        reply = Reply.objects.select_related("discussion").get()
        case = services.report("reply", reply.id, reason="rude", by=people["reader"]).case
        discussions.hide_reply(reply, reason="An insult.", by=people["moderator"])
        case.refresh_from_db()
        assert (case.state, case.outcome) == ("closed", ActKind.HIDDEN)
        (act,) = case.acts.all()
        services.appeal(act, words="It is true.", by=people["author"])
        discussions.show_reply(reply, by=people["moderator"])
        discussions.hide_discussion(talk, reason="All of it.", by=people["moderator"])

        assert [(each.kind, each.undoes_id) for each in case.acts.order_by("at")] == [
            (ActKind.HIDDEN, None),
            (ActKind.SHOWN, act.id),
        ]
    log = client_of(people["moderator"], alder).get("/manage/moderation/log/").text
    assert "All of it." in log
    assert "An insult." in client_of(people["author"], alder).get("/moderation/").text


def test_suspended_member_does_not_answer_in_the_collective_either(alder, birch, people, talk):
    asker = make_member(birch, name="Bea Asker")
    with in_network(birch):
        asked = share(make_discussion(asker, title="Who mows?"), asker)
    with in_network(alder):
        case = services.report("discussion", talk.id, reason="rude", by=people["reader"]).case
        act = services.decide(case, kind=ActKind.SUSPENDED, reason="Enough.", by=people["moderator"])
    account = User.objects.with_networks().get(pk=people["author"].account_id)
    client = accounts_builder.client_of(account, "collective")
    path = f"/publications/{asked.publication_id}/"

    refused = client.post(path, {"body": "Me.", "identity": "named"})
    assert refused.status_code == 422
    assert "has suspended you" in refused.text

    with in_network(alder):
        services.take_back(act, reason="They apologised.", by=people["moderator"])
    assert client.post(path, {"body": "Me.", "identity": "named"}).status_code == 302
