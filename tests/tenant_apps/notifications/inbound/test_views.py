"""The organisers' pages of email that was not posted, and the original of what was."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.jobs.worker import Worker
from tenant_apps.discussions.models import Category, Discussion, Reply
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Invitation
from tenant_apps.members.services import accept_invitation
from tenant_apps.notifications.inbound.addresses import reply_addresses
from tenant_apps.notifications.models import MemberAddress
from tenants.context import in_network
from tests.builders.accounts import sign_in
from tests.builders.discussions import make_discussion
from tests.builders.emails import raw_email, send_in, stored
from tests.builders.members import make_member

pytestmark = pytest.mark.django_db

STRANGER = "dawn@home.example"


@pytest.fixture
def owner(alder):
    return make_member(alder, name="Olive Owner", role=Role.OWNER, email="olive@school.example")


@pytest.fixture
def dawn(alder):
    return make_member(alder, name="Dawn Okafor", email="dawn@school.example")


@pytest.fixture
def page(alder, owner, client_for) -> Client:
    return browser(client_for, alder, owner)


def browser(client_for, network, member) -> Client:

    return sign_in(client_for(network), User.objects.with_networks().get(pk=member.account_id), network)


def comes_in(*, sender: str = STRANGER, to: str = "ict@alder.localhost", **changes) -> None:
    send_in(raw_email(sender=sender, to=to, **{"subject": "Printers", "text": "<b>Down</b> again?", **changes}), to=to)


def test_list_shows_what_waits_and_what_was_ignored(page):
    comes_in()
    comes_in(subject="Away", headers={"Auto-Submitted": "auto-replied"})

    waiting, ignored = page.get("/manage/mail/"), page.get("/manage/mail/?show=ignored")

    assert (b"Printers" in waiting.content, b"Away" in waiting.content) == (True, False)
    assert (b"Printers" in ignored.content, b"Away" in ignored.content) == (False, True)
    assert b"Nobody here has this address" in waiting.content
    assert page.get("/manage/mail/?show=nonsense").status_code == 404


def test_list_takes_the_same_number_of_queries_for_three(page):

    counts = []
    for number in (1, 2):
        for each in range(number):
            comes_in(subject=f"Printer {number} {each}")
        with CaptureQueriesContext(connection) as seen:
            page.get("/manage/mail/")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_detail_shows_text_alone(page, alder):
    comes_in(text="Look: <script>alert(1)</script> & <img src=x onerror=alert(1)>")

    answer = page.get(f"/manage/mail/{stored(alder)[0].id}/")

    assert b"<script>alert" not in answer.content
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in answer.content


@pytest.mark.parametrize("path", ["", "{id}/"])
def test_only_organisers_see_it(alder, dawn, client_for, path):
    comes_in()

    answer = browser(client_for, alder, dawn).get("/manage/mail/" + path.format(id=stored(alder)[0].id))

    assert answer.status_code == 403


def test_giving_an_address_posts_what_waits_and_what_comes_later(page, alder, dawn):
    comes_in(subject="Printers")
    comes_in(subject="Scanners")

    answer = page.post(f"/manage/mail/{stored(alder)[0].id}/", {"member": str(dawn.id)})
    Worker().drain()
    comes_in(subject="Phones", sender="DAWN@home.example")

    assert answer.status_code == 302
    with in_network(alder):
        assert set(Discussion.objects.values_list("title", "author_id")) == {
            ("Printers", dawn.id),
            ("Scanners", dawn.id),
            ("Phones", dawn.id),
        }
        assert MemberAddress.objects.get().address == STRANGER


def test_who_an_email_answered_is_offered_first(page, alder, owner, dawn):
    with in_network(alder):
        discussion = make_discussion(owner)
        to = reply_addresses([dawn], "discussion", discussion.id)[dawn.id]
    comes_in(to=to)

    answer = page.get(f"/manage/mail/{stored(alder)[0].id}/")

    assert f'<option value="{dawn.id}" selected>'.encode() in answer.content


def test_discarding_can_be_undone(page, alder):
    comes_in()
    row = stored(alder)[0]

    page.post(f"/manage/mail/{row.id}/discard/")
    discarded = stored(alder)[0]
    listed = page.get("/manage/mail/")
    page.post(f"/manage/mail/{row.id}/restore/")

    assert (discarded.state, discarded.delete_after is not None) == ("discarded", True)
    assert f"/manage/mail/{row.id}/restore/".encode() in listed.content
    assert (stored(alder)[0].state, stored(alder)[0].reason) == ("held", "unknown_sender")


def test_an_invited_sender_has_their_email_posted_when_they_join(page, alder):
    comes_in()
    comes_in(subject="Of somebody else", sender="eve@home.example")
    row = stored(alder)[0]

    page.post(f"/manage/mail/{row.id}/invite/")
    page.post(f"/manage/mail/{row.id}/again/")
    Worker().drain()
    assert stored(alder)[0].state == "held"
    with in_network(alder):
        invitation = Invitation.objects.get(email=STRANGER)
        accept_invitation(invitation, proved_email=STRANGER, name="Dawn Okafor", via="page")
    Worker().drain()

    assert [each.state for each in stored(alder)] == ["posted", "held"]


@pytest.mark.parametrize("act", ["again", "discard", "invite", "restore"])
def test_acts_need_a_post_and_an_organiser(page, alder, dawn, client_for, act):
    comes_in()
    path = f"/manage/mail/{stored(alder)[0].id}/{act}/"

    assert page.get(path).status_code == 405
    assert browser(client_for, alder, dawn).post(path).status_code == 403
    assert [row.state for row in stored(alder)] == ["held"]


def test_original_is_for_its_author_and_moderators(page, alder, dawn, client_for):
    with in_network(alder):
        Category.objects.create(name="Plant", slug="plant")
    text = "Ours <i>lasted</i>.\n\nOn Mon, 2 Nov 2026 at 10:00, Alder <collective@localhost> wrote:\n> the old words\n"
    comes_in(sender=dawn.email, to="plant@alder.localhost", text=text)
    with in_network(alder):
        discussion = Discussion.objects.get()
    path = f"/discussions/{discussion.id}/original/"
    other = browser(client_for, alder, make_member(alder, name="Ola Other"))

    assert b"the old words" in page.get(path).content
    assert b"Ours &lt;i&gt;lasted&lt;/i&gt;." in browser(client_for, alder, dawn).get(path).content
    assert other.get(path).status_code == 404
    assert path.encode() in page.get(f"/discussions/{discussion.id}/").content
    assert path.encode() not in other.get(f"/discussions/{discussion.id}/").content
    assert b"the old words" not in page.get(f"/discussions/{discussion.id}/").content


def test_original_of_a_reply_and_of_what_was_never_an_email(page, alder, owner, dawn):
    with in_network(alder):
        discussion = make_discussion(owner)
        to = reply_addresses([dawn], "discussion", discussion.id)[dawn.id]
    comes_in(sender=dawn.email, to=to, text="By email.")
    with in_network(alder):
        reply = Reply.objects.get()

    answer = page.get(f"/discussions/{discussion.id}/replies/{reply.id}/original/")

    assert b"By email." in answer.content
    assert answer.content.count(f"replies/{reply.id}/original".encode()) == 0
    assert page.get(f"/discussions/{discussion.id}/original/").status_code == 404


def test_moderator_does_not_learn_who_asked_without_a_name(page, alder, dawn):
    comes_in(sender=dawn.email)
    with in_network(alder):
        Discussion.objects.update(is_anonymous=True)
        discussion = Discussion.objects.get()

    assert page.get(f"/discussions/{discussion.id}/original/").status_code == 404
