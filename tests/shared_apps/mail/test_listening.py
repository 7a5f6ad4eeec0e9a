"""Real conversations with the listener: what it takes, what it refuses in which words, and that nothing is lost."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connections

from shared_apps.mail import listening
from shared_apps.mail.listening import Listener
from shared_apps.mail.models import InboundMessage
from tenant_apps.discussions.models import Category
from tenants.context import in_network
from tests.builders.emails import raw_email

LARGE = b"a line of a large text\r\n" * 1_100_000
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def listening_on(*, is_lmtp: bool = False) -> Iterator[int]:
    """Run a listener in a thread of its own, as the command does in a process of its own."""
    loop, listener = asyncio.new_event_loop(), Listener()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    port = asyncio.run_coroutine_threadsafe(listener.open(0, is_lmtp=is_lmtp), loop).result(20)
    try:
        yield port
    finally:
        asyncio.run_coroutine_threadsafe(listener.close(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


@pytest.fixture
def category(alder) -> Category:
    with in_network(alder):
        return Category.objects.create(name="Boilers")


def to_boilers(**changes) -> bytes:
    return raw_email(**{"sender": "Dawn <dawn@school.example>", "to": "boilers@alder.localhost", **changes})


def rows(network) -> list[InboundMessage]:
    with in_network(network):
        return list(InboundMessage.objects.all())


def test_smtp_stores_a_message_in_the_network_of_its_address_and_nowhere_else(alder, birch, category):
    raw = to_boilers(message_id="<one@school.example>", subject="Which boiler?")

    with listening_on() as port, smtplib.SMTP("127.0.0.1", port) as smtp:
        refused = smtp.sendmail("dawn@school.example", ["Boilers@ALDER.localhost"], raw)

    assert refused == {}
    (row,) = rows(alder)
    assert (row.message_id, row.from_address, row.to_address, row.mail_from, row.subject, row.state) == (
        "one@school.example",
        "dawn@school.example",
        "boilers@alder.localhost",
        "dawn@school.example",
        "Which boiler?",
        "received",
    )
    assert bytes(row.raw).replace(b"\r\n", b"\n").strip() == raw.strip()
    assert rows(birch) == []


def test_smtp_stores_the_same_message_once(alder, category):
    raw = to_boilers(message_id="<one@school.example>")

    with listening_on() as port, smtplib.SMTP("127.0.0.1", port) as smtp:
        for _time in range(3):
            smtp.sendmail("dawn@school.example", ["boilers@alder.localhost"], raw)

    assert len(rows(alder)) == 1


@pytest.mark.parametrize(
    ("address", "reply"),
    [
        ("boilers@oak.localhost", b"5.1.2 No network receives email at this address"),
        ("boilers@birch.localhost", b"5.1.1 Nothing in this network has this address"),
        ("nothing@alder.localhost", b"5.1.1 Nothing in this network has this address"),
        ("reply+aaaaaaaaaaaaaaaaaaaa@alder.localhost", b"5.1.1 Nothing in this network has this address"),
        ("@alder.localhost", None),
        ("boilers@localhost", b"5.1.2 No network receives email at this address"),
    ],
)
def test_smtp_refuses_an_unknown_address_for_good(alder, birch, category, address, reply):
    with listening_on() as port, smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.ehlo()
        smtp.mail("dawn@school.example")
        code, said = smtp.rcpt(address)

    assert 500 <= code < 600
    assert reply is None or (code, said) == (550, reply)
    assert rows(alder) == rows(birch) == []


def test_smtp_refuses_a_message_that_is_too_large(alder, category):
    with listening_on() as port, smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.ehlo()
        announced = smtp.mail("dawn@school.example", [f"SIZE={26 * 1024**2}"])
        smtp.rset()
        smtp.helo()
        smtp.esmtp_features.clear()
        with pytest.raises(smtplib.SMTPDataError) as caught:
            smtp.sendmail("dawn@school.example", ["boilers@alder.localhost"], b"Subject: x\r\n\r\n" + LARGE)

    assert (announced[0], caught.value.smtp_code) == (552, 552)
    assert rows(alder) == []


def test_smtp_asks_for_a_message_again_when_it_could_not_be_stored(alder, category, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OperationalError

    monkeypatch.setattr(listening.services, "receive", fail)
    with (
        listening_on() as port,
        smtplib.SMTP("127.0.0.1", port) as smtp,
        pytest.raises(smtplib.SMTPDataError) as caught,
    ):
        smtp.sendmail("dawn@school.example", ["boilers@alder.localhost"], to_boilers())

    assert caught.value.smtp_code == 451


def test_lmtp_answers_for_each_recipient(alder, birch, category):
    with listening_on(is_lmtp=True) as port, smtplib.LMTP("127.0.0.1", port) as lmtp:
        lmtp.ehlo()
        lmtp.mail("dawn@school.example")
        wanted = ["boilers@alder.localhost", "nobody@alder.localhost", "catering@birch.localhost"]
        asked = [lmtp.rcpt(address)[0] for address in wanted]
        begun = lmtp.docmd("DATA")[0]
        lmtp.send(to_boilers().replace(b"\n", b"\r\n") + b"\r\n.\r\n")
        replies = [lmtp.getreply()[0] for _recipient in range(2)]

    assert (asked, begun, replies) == ([250, 550, 250], 354, [250, 250])
    assert (len(rows(alder)), len(rows(birch))) == (1, 1)


def test_listener_leaves_no_connection_behind(alder, category):
    with listening_on() as port, smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.sendmail("dawn@school.example", ["boilers@alder.localhost"], to_boilers())

    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        assert cursor.fetchone() == (0,)
