"""The owners' pages: they are told, answer, see what was opened, and end it."""

import pytest
from django.utils import timezone

from shared_apps.grants import services
from shared_apps.grants.enums import GrantState
from shared_apps.grants.models import SupportGrant
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenant_apps.members.enums import Role
from tenants.context import in_network
from tenants.services import set_read_only
from tests.builders.accounts import client_of as account_client
from tests.builders.grants import ask
from tests.builders.members import client_of, make_member, program_of

URL = "/manage/support/"


@pytest.fixture
def grant(alder, operator):
    return ask(alder, operator, reason="The import failed.")


def mails(network):
    with in_network(network):
        return list(
            Message.objects.filter(kind__startswith="support.").order_by("id").values_list("to_address", "kind")
        )


def test_owners_alone_are_told_once(alder, birch, owner, grant):
    for network, role in ((alder, Role.ORGANISER), (birch, Role.OWNER)):
        make_member(network, name=f"Other {role}", role=role)
    Worker().drain()

    assert mails(alder) == [(owner.email, "support.asked")]
    assert mails(birch) == []
    with in_network(alder):
        text = Message.objects.get(kind="support.asked").text
    assert "The import failed." in text
    assert f"/manage/support/{grant.id}/" in text


def test_an_owner_allows_sees_what_is_opened_and_ends_it(alder, browser, operator, grant):
    one = f"{URL}{grant.id}/"
    assert "Waiting for an answer" in browser.get(URL).content.decode()
    assert "The import failed." in browser.get(f"{one}answer/").content.decode()

    browser.post(f"{one}answer/", {"decision": "allow"})
    account_client(operator, alder).get("/members/")
    page = browser.get(one).content.decode()

    for words in ("Allowed", "Came in", 'href="/members/"', "Olive Operator", "End it now"):
        assert words in page
    assert browser.get(f"{one}end/").status_code == 405
    browser.post(f"{one}end/")
    assert SupportGrant.objects.get().state == GrantState.ENDED
    Worker().drain()
    assert [kind for _, kind in mails(alder)] == ["support.ended"]


def test_an_owner_refuses(browser, grant):
    page = browser.post(f"{URL}{grant.id}/answer/", {"decision": "refuse"}, follow=True).content.decode()

    assert "Refused" in page
    assert SupportGrant.objects.get().state == GrantState.REFUSED


def test_what_is_over_cannot_be_allowed(browser, grant):
    services.end(grant, now=timezone.now(), by=services.Actor.system())

    page = browser.post(f"{URL}{grant.id}/answer/", {"decision": "allow"}, follow=True).content.decode()

    assert "This has been decided meanwhile" in page
    assert SupportGrant.objects.get().state == GrantState.ENDED


def test_looking_at_the_question_answers_nothing(browser, grant):
    browser.get(f"{URL}{grant.id}/answer/")
    browser.post(f"{URL}{grant.id}/answer/", {"decision": "perhaps"})

    assert SupportGrant.objects.get().state == GrantState.ASKED


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.MEMBER])
def test_others_are_refused(alder, grant, role):
    other = client_of(make_member(alder, name="Ori Other", role=role), alder)

    assert other.get(URL).status_code == 403
    assert other.post(f"{URL}{grant.id}/answer/", {"decision": "allow"}).status_code == 403
    assert SupportGrant.objects.get().state == GrantState.ASKED


def test_the_owner_of_another_network_finds_nothing(birch, grant):
    other = client_of(make_member(birch, name="Bo Owner", role=Role.OWNER), birch)

    assert "Olive" not in other.get(URL).content.decode()
    assert other.post(f"{URL}{grant.id}/answer/", {"decision": "allow"}).status_code == 404
    assert other.post(f"{URL}{grant.id}/end/").status_code == 404
    assert SupportGrant.objects.get().state == GrantState.ASKED


def test_letting_somebody_in_asks_for_a_fresh_proof(browser, grant, settings):
    settings.SECOND_STEP_REQUIRED = True

    answer = browser.post(f"{URL}{grant.id}/answer/", {"decision": "allow"})

    assert answer.status_code == 302
    assert "/account/confirm/" in answer.url
    assert SupportGrant.objects.get().state == GrantState.ASKED


def test_a_read_only_network_answers_too(alder, browser, grant):
    set_read_only(alder, is_read_only=True)

    browser.post(f"{URL}{grant.id}/answer/", {"decision": "allow"})

    assert SupportGrant.objects.get().state == GrantState.ALLOWED


def test_programs_of_owners_see_and_end(alder, owner, grant):
    client, url = program_of(owner, alder), "/api/v1/support-requests/"
    other = program_of(make_member(alder, name="Ori Other", role=Role.ORGANISER), alder)

    assert [each["id"] for each in client.get(url).json()["results"]] == [str(grant.id)]
    assert other.get(url).status_code == 403
    assert client.delete(f"{url}{grant.id}/").status_code == 204
    assert client.get(f"{url}{grant.id}/").json()["state"] == "ended"
