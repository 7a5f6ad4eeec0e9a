"""What becomes of an email: posted as its sender meant, held, ignored or sent back; never twice, never elsewhere."""

import pytest

from shared_apps.jobs.worker import Worker
from shared_apps.mail import services as mail
from shared_apps.mail.models import Address, InboundMessage, Message
from shared_apps.mail.services import UnknownAddressError
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.enums import Via
from tenant_apps.discussions.models import Category, Discussion, Reply
from tenant_apps.files.models import StoredFile
from tenant_apps.notifications.inbound import processing
from tenant_apps.notifications.inbound.addresses import reply_addresses
from tenants.context import in_network
from tenants.services import set_read_only
from tests.builders.discussions import make_discussion
from tests.builders.emails import raw_email, send_in, stored
from tests.builders.files import pdf
from tests.builders.members import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker(alder):
    return make_member(alder, name="Ada Asker", email="ada@school.example")


@pytest.fixture
def dawn(alder):
    return make_member(alder, days_here=8, name="Dawn Okafor", email="dawn@school.example")


@pytest.fixture
def discussion(alder, asker):
    with in_network(alder):
        return make_discussion(asker, title="Boilers")


@pytest.fixture
def address(alder, discussion, dawn):
    """Where Dawn's answers go."""
    with in_network(alder):
        return reply_addresses([dawn], "discussion", discussion.id)[dawn.id]


def came(network) -> list[tuple[str, str]]:
    return [(row.state, row.reason) for row in stored(network)]


def replies(network) -> list[tuple[str, str, str]]:
    with in_network(network):
        return list(Reply.objects.order_by("created_at").values_list("author__name", "body", "via"))


def from_dawn(**changes) -> bytes:
    return raw_email(**{"sender": "Dawn Okafor <Dawn@School.example>", "to": "x@alder.localhost", **changes})


def test_reply_is_posted_as_on_the_page_without_what_it_quotes(alder, address, discussion, dawn):
    text = "Ours lasted ten years.\n\nOn Mon, 2 Nov 2026 at 10:00, Alder <collective@localhost> wrote:\n> Boilers?\n"

    send_in(from_dawn(text=text), to=address.upper())

    assert replies(alder) == [("Dawn Okafor", "Ours lasted ten years.", Via.EMAIL)]
    (row,) = stored(alder)
    with in_network(alder):
        reply = Reply.objects.get()
        assert (row.state, row.became_kind, row.became_id, row.member_id) == ("posted", "reply", reply.id, dawn.id)
        assert (row.thread_key, row.delete_after) == (f"discussion:{discussion.id}", None)
        assert Discussion.objects.get().reply_count == 1
        told = Message.objects.filter(to_address="ada@school.example", subject__contains="Boilers")
        assert "Ours lasted ten years." in told.get().text


def test_reply_delivered_again_is_posted_once(alder, address):
    raw = from_dawn(message_id="<one@school.example>")

    for _time in range(3):
        send_in(raw, to=address)
    with in_network(alder):
        processing.read(stored(alder)[0].id)

    assert len(replies(alder)) == 1


def test_reply_sent_to_two_addresses_is_posted_once(alder, address):
    with in_network(alder):
        Category.objects.create(name="Plant", slug="plant")
    raw = from_dawn(message_id="<one@school.example>")

    send_in(raw, to=address)
    send_in(raw, to="plant@alder.localhost")

    assert came(alder) == [("posted", ""), ("ignored", "same_message")]
    assert len(replies(alder)) == 1


@pytest.mark.parametrize(("found", "state"), [("fail", "held"), ("pass", "posted"), ("none", "posted")])
def test_reply_in_a_members_name_that_their_server_disowns_waits_for_an_organiser(alder, address, found, state):
    proof = f"Authentication-Results: mx.alder.localhost; spf=fail; dmarc={found} header.from=school.example\n"

    send_in(proof.encode() + from_dawn(), to=address)

    assert came(alder) == [(state, "unproven" if state == "held" else "")]


def test_reply_that_an_organiser_lets_in_is_posted(alder, address):
    send_in(b"Authentication-Results: mx; dmarc=fail\n" + from_dawn(), to=address)
    with in_network(alder):
        mail.read_again(stored(alder)[0])
        processing.read(stored(alder)[0].id)

    assert came(alder) == [("posted", "")]


def test_reply_address_is_only_its_members(alder, address, asker):
    send_in(raw_email(sender="ada@school.example", to=address), to=address)

    assert came(alder) == [("held", "not_theirs")]
    assert replies(alder) == []


def test_what_comes_while_the_network_is_read_only_is_posted_when_it_can_be_written_again(alder, address):
    set_read_only(alder, is_read_only=True)
    send_in(from_dawn(text="Ours lasted ten years."), to=address)
    before = came(alder), replies(alder)

    set_read_only(alder, is_read_only=False)
    Worker().drain()

    assert before == ([("received", "")], [])
    assert replies(alder) == [("Dawn Okafor", "Ours lasted ten years.", Via.EMAIL)]


def test_unknown_sender_is_held_and_told_nothing(alder, address):
    with in_network(alder):
        before = Message.objects.count()

    send_in(raw_email(sender="stranger@else.example", to=address), to=address)

    assert came(alder) == [("held", "unknown_sender")]
    with in_network(alder):
        assert Message.objects.count() == before


def test_who_has_left_is_unknown(alder, address, dawn, asker):
    with in_network(alder):
        type(dawn).objects.filter(id=dawn.id).update(state="left", left_at=dawn.joined_at)

    send_in(from_dawn(), to=address)

    assert came(alder) == [("held", "unknown_sender")]


def test_category_address_starts_a_discussion(alder, dawn):
    with in_network(alder):
        plant = Category.objects.create(name="Plant", slug="plant")

    send_in(
        from_dawn(subject="Fwd: [Bursars] Who services boilers?", text="We need somebody."), to="plant@alder.localhost"
    )

    with in_network(alder):
        started = Discussion.objects.get(title="Who services boilers?")
        assert (started.category_id, started.author_id, started.via, started.kind, started.body) == (
            plant.id,
            dawn.id,
            Via.EMAIL,
            "question",
            "We need somebody.",
        )


def test_category_without_a_slug_has_its_name(alder, dawn):
    with in_network(alder):
        Category.objects.filter(name="ICT").update(slug="")

    send_in(from_dawn(subject="", text="Printers are down again.\nAll of them."), to="ict@alder.localhost")

    with in_network(alder):
        assert Discussion.objects.filter(title="Printers are down again.", kind="discussion").count() == 1


@pytest.mark.parametrize("lost", ["message", "root", "other member"])
def test_reply_without_its_address_is_known_by_what_it_answers(alder, discussion, asker, dawn, address, lost):
    with in_network(alder):
        Category.objects.create(name="Plant", slug="plant")
        discussions.follow(discussion, member=dawn)
        discussions.post_reply(discussion, body="Anybody?", by=asker)
    send_in(raw_email(sender="dawn@school.example", to=address, message_id="<dawns@school.example>"), to=address)
    with in_network(alder):
        ours = Message.objects.get(to_address="dawn@school.example")
        named = {"message": ours.headers["Message-ID"], "root": ours.headers["References"].split()[0]}

    send_in(
        from_dawn(text="A second thought.", in_reply_to=named.get(lost, "<dawns@school.example>")),
        to="plant@alder.localhost",
    )

    assert [body for _name, body, _via in replies(alder)] == ["Anybody?", "Ours lasted ten years.", "A second thought."]
    with in_network(alder):
        assert Discussion.objects.count() == 1


def test_new_subject_to_a_category_is_a_new_discussion_whatever_it_was_made_from(alder, discussion, dawn, address):
    send_in(from_dawn(message_id="<first@school.example>"), to=address)
    with in_network(alder):
        Category.objects.create(name="Plant", slug="plant")

    send_in(from_dawn(subject="Lifts", in_reply_to="<first@school.example>"), to="plant@alder.localhost")

    with in_network(alder):
        assert Discussion.objects.filter(title="Lifts").exists()


def test_reply_to_the_from_address_finds_its_network(alder, discussion, asker, dawn):
    with in_network(alder):
        discussions.follow(discussion, member=dawn)
        discussions.post_reply(discussion, body="Anybody?", by=asker)
    Worker().drain()
    with in_network(alder):
        ours = Message.objects.get(to_address="dawn@school.example").headers["Message-ID"]

    send_in(from_dawn(in_reply_to=ours), to="collective@localhost")

    assert replies(alder)[-1][:2] == ("Dawn Okafor", "Ours lasted ten years.")
    with pytest.raises(UnknownAddressError):
        send_in(from_dawn(), to="collective@localhost")


@pytest.mark.parametrize(
    ("headers", "mail_from", "reason"),
    [
        ({"Auto-Submitted": "auto-replied"}, "dawn@school.example", "automatic"),
        ({"X-Autoreply": "yes"}, "dawn@school.example", "automatic"),
        ({}, "<>", "automatic"),
        ({"X-Loop": "alder.localhost"}, "dawn@school.example", "loop"),
    ],
)
def test_what_a_program_wrote_is_ignored_and_answered_by_nothing(alder, address, headers, mail_from, reason):
    with in_network(alder):
        before = Message.objects.count()

    send_in(from_dawn(headers=headers), to=address, mail_from=mail_from)

    assert came(alder) == [("ignored", reason)]
    assert replies(alder) == []
    with in_network(alder):
        assert Message.objects.count() == before


def test_our_own_message_that_comes_back_is_ignored(alder, address):
    send_in(from_dawn(message_id="<01a200d7-5707-7bdd-97c2-76d40881bc35@alder.localhost>"), to=address)

    assert came(alder) == [("ignored", "loop")]


def test_too_many_from_one_sender_are_ignored(alder, address, monkeypatch):
    monkeypatch.setattr(processing, "MOST_IN_AN_HOUR", 2)

    for number in range(4):
        send_in(from_dawn(text=f"Number {number} of some."), to=address)

    assert came(alder) == [("posted", ""), ("posted", ""), ("ignored", "too_many"), ("ignored", "too_many")]


def test_what_cannot_be_posted_is_sent_back_once_with_its_text(alder, discussion, address):
    with in_network(alder):
        Discussion.objects.filter(id=discussion.id).update(locked_at=discussion.created_at)
    raw = from_dawn(text="My considered opinion.", message_id="<one@school.example>")

    send_in(raw, to=address)
    send_in(raw, to=address)

    assert came(alder) == [("failed", "refused")]
    with in_network(alder):
        (told,) = Message.objects.filter(kind="inbound.not_posted")
        assert told.to_address == "dawn@school.example"
        assert "closed this discussion" in told.text
        assert "My considered opinion." in told.text
        assert told.headers["Auto-Submitted"] == "auto-generated"


def test_empty_text_and_gone_discussion_are_sent_back(alder, discussion, address):
    send_in(from_dawn(text="   \n"), to=address)
    with in_network(alder):
        discussion.delete()
    send_in(from_dawn(text="Still there?"), to=address)

    assert came(alder) == [("failed", "refused"), ("failed", "refused")]


def test_files_are_attached_and_those_that_may_not_be_are_named(alder, address):
    files = (("costs.pdf", pdf()), ("run.exe", b"MZ\x90\x00" * 50))

    send_in(from_dawn(text="", files=files), to=address)

    assert [body for _name, body, _via in replies(alder)] == ["Attached: costs.pdf, run.exe"]
    with in_network(alder):
        assert list(StoredFile.objects.values_list("name", flat=True)) == ["costs.pdf"]
        assert "run.exe" in Message.objects.get(kind="inbound.files_left_out").text


def test_failure_of_ours_holds_the_message_in_the_end(alder, address, monkeypatch):
    def fail(*_args):
        raise RuntimeError

    monkeypatch.setattr(processing, "_decide", fail)
    send_in(from_dawn(), to=address)
    with in_network(alder):
        for _time in range(processing.MOST_ATTEMPTS - 1):
            with pytest.raises(RuntimeError):
                processing.read(stored(alder)[0].id)

    assert came(alder) == [("held", "unreadable")]


BOUNCE = b"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example
To: collective@localhost
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <dsn1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver it.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; dawn@school.example
Action: failed
Status: 5.1.1
--b
Content-Type: message/rfc822

Message-ID: OURS
Subject: Boilers

x
--b--
"""


def test_bounce_of_our_message_is_noted_and_a_made_up_one_is_not(alder, discussion, asker, dawn):
    with in_network(alder):
        discussions.follow(discussion, member=dawn)
        discussions.post_reply(discussion, body="Anybody?", by=asker)
    Worker().drain()
    with in_network(alder):
        ours = Message.objects.get(to_address="dawn@school.example").headers["Message-ID"]
        other = Message.objects.exclude(to_address="dawn@school.example").first()
    made_up = BOUNCE.replace(b"OURS", f"<{other.id}@alder.localhost>".encode()).replace(b"dsn1", b"dsn2")

    send_in(made_up, to="collective@localhost", mail_from="")
    assert not Address.objects.filter(address="dawn@school.example").exists()
    send_in(BOUNCE.replace(b"OURS", ours.encode()), to="collective@localhost", mail_from="")

    assert Address.objects.get(address="dawn@school.example").paused_at is not None
    assert came(alder) == [("ignored", "bounce"), ("ignored", "bounce")]


def test_token_of_alder_is_worth_nothing_on_birch(alder, birch, address):
    make_member(birch, name="Dawn Okafor", email="dawn@school.example")

    with pytest.raises(UnknownAddressError):
        send_in(from_dawn(), to=address.replace("@alder.", "@birch."))

    assert came(birch) == came(alder) == []


def test_member_of_alder_is_unknown_in_birch(alder, birch, dawn):
    send_in(from_dawn(subject="Hello?"), to="ict@birch.localhost")

    assert came(birch) == [("held", "unknown_sender")]
    assert came(alder) == []
    with in_network(birch):
        assert InboundMessage.objects.count() == 1
        assert not Discussion.objects.exists()
