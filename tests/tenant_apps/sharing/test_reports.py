"""Reports about what lies between networks: each side gets its case, and everybody concerned sees how it ended."""

import pytest

from collective.portal import services as portal
from collective.publications.enums import Identity
from collective.publications.models import Publication, PublicationReply, PublicationReport
from shared_apps.accounts.models import User
from shared_apps.audit.services import Actor
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenant_apps.discussions.models import Discussion
from tenant_apps.members.enums import Role
from tenant_apps.moderation import services as moderation
from tenant_apps.moderation.enums import ActKind
from tenant_apps.moderation.models import Case
from tenant_apps.sharing import services as sharing
from tenants.context import in_collective, in_network
from tests.builders import accounts as accounts_builder
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import client_of, make_member


@pytest.fixture
def people(alder, birch):
    return {
        "asker": make_member(alder, name="Ada Asker"),
        "reader": make_member(alder, name="Rita Reader"),
        "alder_mod": make_member(alder, name="Alma Moderator", role=Role.OWNER),
        "replier": make_member(birch, name="Bert Replier"),
        "birch_reader": make_member(birch, name="Bea Reader"),
        "birch_mod": make_member(birch, name="Bob Moderator", role=Role.OWNER),
    }


@pytest.fixture
def asked(alder, people):
    """A question of alder in the Collective."""
    with in_network(alder):
        return share(make_discussion(people["asker"], title="Is Ron a crook?"), people["asker"])


@pytest.fixture
def answered(alder, birch, people, asked):
    """A reply to it by a member of birch."""
    with in_network(alder):
        reply = away_reply(asked, people["replier"], birch, body="Everybody at Alder is.")
    Worker().drain()
    return reply


def portal_client(member):
    return accounts_builder.client_of(User.objects.with_networks().get(pk=member.account_id), "collective")


def case_of(network) -> Case:
    with in_network(network):
        return Case.objects.select_related("author").get()


def decide(network, kind, by, reason="An insult."):
    with in_network(network):
        act = moderation.decide(Case.objects.get(), kind=kind, reason=reason, by=by)
    Worker().drain()
    return act


def mail_to(network, member) -> str:
    with in_network(network):
        return " ".join(mail.text for mail in Message.objects.filter(to_address=member.email).order_by("id"))


def report(client, publication_id, reply_id=None):
    reply = f"replies/{reply_id}/" if reply_id else ""
    answer = client.post(f"/publications/{publication_id}/{reply}report/", {"reason": "rude", "words": "Unfair."})
    assert answer.status_code == 302, answer.text
    Worker().drain()


def test_a_publication_reported_elsewhere_is_a_case_at_home_and_both_see_the_end(alder, birch, people, asked):
    client = portal_client(people["birch_reader"])
    assert f"/publications/{asked.publication_id}/report/" in client.get(f"/publications/{asked.publication_id}/").text
    report(client, asked.publication_id)

    case = case_of(alder)
    assert (case.kind, case.object_id, case.author) == ("discussion", asked.id, people["asker"])
    page = client_of(people["alder_mod"], alder).get(f"/manage/moderation/{case.id}/").text
    assert f"A member of {birch.name}" in page
    assert "Bea" not in page
    elsewhere = client_of(people["birch_mod"], birch).get("/manage/moderation/?show=elsewhere").text
    assert "Is Ron a crook?" in elsewhere
    assert "Bea Reader" in elsewhere
    assert "The moderators have not decided yet." in elsewhere

    decide(alder, ActKind.HIDDEN, people["alder_mod"])

    assert client.get(f"/publications/{asked.publication_id}/").status_code == 404
    elsewhere = client_of(people["birch_mod"], birch).get("/manage/moderation/?show=elsewhere").text
    assert "Its network: The moderators have hidden it." in elsewhere
    assert "The moderators have hidden it." in mail_to(birch, people["birch_reader"])
    assert "The moderators have hidden it." in client_of(people["birch_reader"], birch).get("/moderation/").text
    with in_network(birch):
        assert not Case.objects.exists()


def test_left_as_it_is_is_told_to_the_reporter_too(alder, birch, people, asked):
    report(portal_client(people["birch_reader"]), asked.publication_id)

    decide(alder, ActKind.LEFT, people["alder_mod"])

    assert "left it as it is" in mail_to(birch, people["birch_reader"])


def test_a_reply_is_a_case_on_both_sides_and_its_network_can_remove_it(alder, birch, people, asked, answered):
    reader = client_of(people["reader"], alder)
    assert f"/report/away-reply/{answered.id}/" in reader.get(f"/discussions/{asked.id}/").text
    reader.post(f"/report/away-reply/{answered.id}/", {"reason": "rude"})
    Worker().drain()

    here, there = case_of(alder), case_of(birch)
    assert (here.kind, here.author) == ("away-reply", None)
    assert (there.kind, there.author) == ("sent-reply", people["replier"])
    with in_collective():
        assert PublicationReport.objects.count() == 1

    act = decide(birch, ActKind.HIDDEN, people["birch_mod"])

    assert "Everybody at Alder is." not in reader.get(f"/discussions/{asked.id}/").text
    portal_page = portal_client(people["birch_reader"]).get(f"/publications/{asked.publication_id}/").text
    assert "Everybody at Alder is." not in portal_page
    page = client_of(people["alder_mod"], alder).get(f"/manage/moderation/{here.id}/").text
    assert "The network it came from: The moderators have hidden it." in page
    assert "The moderators have hidden it." in mail_to(alder, people["reader"])
    assert "An insult." in mail_to(birch, people["replier"])
    with in_network(alder):
        assert Discussion.objects.get(id=asked.id).away_count == 0

    with in_network(birch):
        moderation.take_back(act, reason="A joke.", by=people["birch_mod"])
    Worker().drain()
    assert "Everybody at Alder is." in reader.get(f"/discussions/{asked.id}/").text
    with in_network(alder):
        assert Discussion.objects.get(id=asked.id).away_count == 1


def test_a_reply_can_be_hidden_where_it_was_received(alder, birch, people, asked, answered):
    report(portal_client(people["birch_reader"]), asked.publication_id, answered.id)
    assert case_of(birch).kind == "sent-reply"

    decide(alder, ActKind.HIDDEN, people["alder_mod"])

    assert "Everybody at Alder is." not in client_of(people["reader"], alder).get(f"/discussions/{asked.id}/").text
    page = client_of(people["birch_mod"], birch).get(f"/manage/moderation/{case_of(birch).id}/").text
    assert "The network that received it: The moderators have hidden it." in page
    with in_collective():
        assert Publication.objects.get().reply_count == 0

    with in_network(alder):
        sharing.withdraw_item("discussion", asked.id, by=people["asker"])
    Worker().drain()
    assert "Everybody at Alder is." not in client_of(people["reader"], alder).get(f"/discussions/{asked.id}/").text


def test_a_reply_that_came_home_can_be_hidden_and_shown(alder, birch, people, asked, answered):
    with in_network(alder):
        sharing.withdraw_item("discussion", asked.id, by=people["asker"])
        moderation.report("away-reply", answered.id, reason="rude", by=people["reader"])
    act = decide(alder, ActKind.HIDDEN, people["alder_mod"])
    reader = client_of(people["reader"], alder)
    assert "Everybody at Alder is." not in reader.get(f"/discussions/{asked.id}/").text

    with in_network(alder):
        moderation.take_back(act, reason="A joke.", by=people["alder_mod"])

    assert "Everybody at Alder is." in reader.get(f"/discussions/{asked.id}/").text


def test_who_answered_without_a_name_is_named_to_nobody(alder, birch, people, asked):
    account = User.objects.with_networks().get(pk=people["replier"].account_id)
    acting = account.networks[0]
    with in_collective():
        reply = portal.reply(
            Publication.objects.get(),
            body="Everybody at Alder is.",
            identity=Identity.ANONYMOUS,
            acting=acting,
            by=Actor(account_id=account.pk, label="", via="page"),
        )
    report(portal_client(people["asker"]), asked.publication_id, reply.id)

    here = client_of(people["alder_mod"], alder).get(f"/manage/moderation/{case_of(alder).id}/").text
    there = client_of(people["birch_mod"], birch).get(f"/manage/moderation/{case_of(birch).id}/").text

    assert birch.name not in here
    assert "Bert" not in here + there
    assert "A member, anonymously" in there


def test_what_one_wrote_oneself_cannot_be_reported(people, asked, answered):
    path = f"/publications/{asked.publication_id}/replies/{answered.id}/report/"

    assert portal_client(people["replier"]).get(path).status_code == 404
    assert portal_client(people["birch_reader"]).get(path).status_code == 200


def test_only_the_two_networks_concerned_can_hide_a_reply(alder, birch, people, asked, answered):
    from collective.publications import services as publications

    with in_collective():
        with pytest.raises(publications.PublicationGoneError):
            publications.hide_reply(answered.id, network_id=people["reader"].id, is_hidden=True)
        assert not PublicationReply.objects.get().is_hidden


def test_a_job_of_a_network_that_has_no_part_in_a_report_does_nothing(alder, birch, people, asked):
    report(portal_client(people["birch_reader"]), asked.publication_id)
    with in_collective():
        made = PublicationReport.objects.get()

    with in_network(birch):
        sharing.take_in_report(made.id)
        assert not Case.objects.exists()
    with in_network(alder):
        sharing.tell_reporter(made.id, birch.id)
        assert not Message.objects.filter(kind="moderation.report").exists()


def test_a_reader_reports_their_own_networks_publication_to_their_own_queue(alder, people, asked):
    path = f"/publications/{asked.publication_id}/"
    client = portal_client(people["reader"])
    assert f"{path}report/" in client.get(path).text

    client.post(f"{path}report/", {"reason": "rude", "words": "Ron reads this."})
    Worker().drain()
    decide(alder, ActKind.HIDDEN, people["alder_mod"])
    Worker().drain()

    with in_network(alder):
        (report,) = Case.objects.get().reports.all()
        assert (report.member_id, report.network_name) == (people["reader"].id, "")
        told = Message.objects.filter(to_address=people["reader"].email, kind="moderation.report")
        assert told.count() == 1


def test_who_reports_it_here_and_there_reports_it_once(alder, people, asked):
    with in_network(alder):
        moderation.report("discussion", asked.id, reason="rude", by=people["reader"])

    portal_client(people["reader"]).post(f"/publications/{asked.publication_id}/report/", {"reason": "wrong"})
    Worker().drain()

    with in_network(alder):
        (report,) = Case.objects.get().reports.all()
        assert report.member_id == people["reader"].id
