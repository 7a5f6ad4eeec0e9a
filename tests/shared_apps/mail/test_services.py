"""Queueing and sending: in the right schema, once, and with headers nobody can forge."""

from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.core import mail as outgoing
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shared_apps.jobs.worker import Worker
from shared_apps.mail import services, tasks
from shared_apps.mail.enums import State
from shared_apps.mail.models import Message, PlatformMessage
from shared_apps.mail.rendering import HeaderError
from shared_apps.mail.services import DeliveryError, queue_message
from shared_apps.monitoring.models import NetworkDay
from tenants import context, lifecycle
from tenants.enums import NetworkState

CANARY = "canary-catering-4471"


def queue(**changes):
    values = {
        "to": "priya@alder.example",
        "subject": "Rob Casey replied to your question",
        "template": "notice",
        "context": {"paragraphs": [CANARY]},
        "kind": "tests.reply",
    }
    return queue_message(**(values | changes))


def test_queue_message_stores_the_whole_message_and_enqueues_its_id_alone(in_alder):
    message = queue()

    stored = Message.objects.get()
    assert (stored.id, stored.state, stored.attempts, stored.sent_at) == (message.id, State.QUEUED, 0, None)
    assert (stored.to_address, stored.subject) == ("priya@alder.example", "Rob Casey replied to your question")
    assert (stored.host, stored.kind) == ("alder.localhost", "tests.reply")
    assert CANARY in stored.text
    assert CANARY in stored.html
    row = DBTaskResult.objects.get()
    assert row.task_path == "shared_apps.mail.tasks.send_network_message"
    assert row.args_kwargs == {"args": [], "kwargs": {"message_id": str(message.id)}, "network": str(in_alder.id)}


def test_queue_message_is_undone_with_the_callers_transaction(in_alder):
    def queue_and_fail() -> None:
        with transaction.atomic():
            queue()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        queue_and_fail()

    assert (Message.objects.count(), DBTaskResult.objects.count()) == (0, 0)


def test_queue_message_stores_in_the_current_schema_only(alder, birch):
    with context.in_network(alder):
        queue()
    with context.in_collective():
        queue(subject="From the Collective")
    queue(subject="From the platform")

    with context.in_network(alder):
        assert subjects(Message) == ["Rob Casey replied to your question"]
    with context.in_network(birch):
        assert subjects(Message) == []
    with context.in_collective():
        assert subjects(Message) == ["From the Collective"]
    assert subjects(PlatformMessage) == ["From the platform"]


def test_worker_sends_each_networks_mail_in_its_own_name(alder, birch, post):
    for network in (alder, birch):
        with context.in_network(network):
            queue(to=f"rob@{network.subdomain}.example", context={"paragraphs": [f"canary of {network.name}"]})
    with context.in_collective():
        queue(to="collective@example.org")
    queue(to="platform@example.org")

    Worker().drain()

    sent = {message["To"]: message for message in post.messages}
    assert {to: parseaddr(message["From"])[0] for to, message in sent.items()} == {
        "rob@alder.example": "Alder SBM Network",
        "rob@birch.example": "Birch Bursars",
        "collective@example.org": "SBM Collective",
        "platform@example.org": "SBM Collective",
    }
    assert "canary of Alder" in str(sent["rob@alder.example"])
    assert "canary of Birch" not in str(sent["rob@alder.example"])
    assert "canary of Alder" not in str(sent["rob@birch.example"])
    with context.in_network(alder):
        assert list(Message.objects.values_list("state", "attempts")) == [(State.SENT, 1)]


def test_sent_message_has_every_part_and_header(in_alder, post):
    message = queue(
        to="helen@alder.example",
        subject="Zażółć gęślą — £2.94?",
        thread_key="discussion:7",
        unsubscribe_url="https://alder.localhost/unsubscribe/abc/",
        reply_to="answers@alder.example",
    )

    services.send_message(message.id)

    (sent,) = post.messages
    root = message.headers["References"]
    assert {name: sent[name] for name in sent if name not in {"Content-Type", "MIME-Version", "Date"}} == {
        "Subject": "Zażółć gęślą — £2.94?",
        "From": "Alder SBM Network <collective@localhost>",
        "To": "helen@alder.example",
        "Reply-To": "answers@alder.example",
        "Message-ID": f"<{message.id}@alder.localhost>",
        "In-Reply-To": root,
        "References": root,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "List-Id": "<alder.localhost>",
        "Precedence": "list",
        "Feedback-ID": "tests.reply:alder.localhost:sbm-collective",
        "List-Unsubscribe": "<https://alder.localhost/unsubscribe/abc/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert [part.get_content_type() for part in sent.iter_parts()] == ["text/plain", "text/html"]
    text, html = (part.get_content() for part in sent.iter_parts())
    assert CANARY in text
    assert CANARY in html
    assert post.recipients == ["helen@alder.example"]


def test_send_message_sends_once_however_often_it_runs(in_alder, post):
    message = queue()

    for _ in range(3):
        services.send_message(message.id)

    assert len(post.messages) == 1
    sent = Message.objects.get()
    assert (sent.state, sent.attempts) == (State.SENT, 1)
    assert sent.sent_at is not None


def test_send_message_of_one_network_finds_nothing_in_another(alder, birch, post):
    with context.in_network(alder):
        message = queue()

    with context.in_network(birch):
        services.send_message(message.id)
    with context.in_collective():
        services.send_message(message.id)
    services.send_message(message.id)

    assert post.messages == []
    with context.in_network(alder):
        assert Message.objects.get().state == State.QUEUED


def test_mail_of_a_suspended_network_waits(alder, post):
    with context.in_network(alder):
        queue()
    lifecycle.set_state(alder, NetworkState.SUSPENDED)

    Worker().drain()

    assert post.messages == []
    assert DBTaskResult.objects.get().status == "READY"


def test_queue_message_with_a_known_dedupe_key_is_the_first_message(in_alder):
    first = queue(dedupe_key="reply:1:priya")

    second = queue(dedupe_key="reply:1:priya", subject="Another")
    other = queue(dedupe_key="reply:1:rob")

    assert second.id == first.id
    assert other.id != first.id
    assert (Message.objects.count(), DBTaskResult.objects.count()) == (2, 2)


def test_queue_message_that_loses_the_race_for_a_dedupe_key_is_the_first_message(in_alder, monkeypatch):
    first = queue(dedupe_key="reply:1:priya")
    monkeypatch.setattr(Message.objects._queryset_class, "first", lambda _query: None)  # it was not there yet

    second = queue(dedupe_key="reply:1:priya")

    assert second.id == first.id
    assert DBTaskResult.objects.count() == 1


def test_dedupe_key_of_one_network_is_free_in_another(alder, birch):
    for network in (alder, birch):
        with context.in_network(network):
            queue(dedupe_key="reply:1:priya")

    assert DBTaskResult.objects.count() == 2


def test_thread_keeps_its_first_subject_and_its_root(in_alder):
    first = queue(thread_key="discussion:7", subject="Solar panels")

    second = queue(thread_key="discussion:7", subject="Solar panels (answered)")
    other = queue(thread_key="discussion:8", subject="Solar panels (answered)")

    assert second.subject == "Solar panels"
    assert other.subject == "Solar panels (answered)"
    assert second.headers["References"] == first.headers["References"] != other.headers["References"]
    assert second.headers["Message-ID"] != first.headers["Message-ID"]


def test_thread_of_another_person_does_not_lend_its_subject(in_alder):
    queue(thread_key="discussion:7", subject="Solar panels", to="rob@alder.example")

    mine = queue(thread_key="discussion:7", subject="Solar panels, or not")

    assert mine.subject == "Solar panels, or not"


@pytest.mark.parametrize(
    "subject",
    [
        "Hello\nBcc: all@example.org",
        "Hello\r\nBcc: all@example.org",
        "Hello\x00\x0bBcc: all@example.org",
        "Hello\u2028B",
    ],
)
def test_subject_cannot_begin_another_header(in_alder, post, subject):
    message = queue(subject=subject)

    services.send_message(message.id)

    assert post.recipients == ["priya@alder.example"]
    (sent,) = post.messages
    assert sent["Bcc"] is None
    assert sent["Subject"].startswith("Hello B")


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "priya@alder.example\nBcc: all@example.org"},
        {"to": "priya@alder.example, all@example.org"},
        {"to": ""},
        {"reply_to": "a@b.example\r\nBcc: all@example.org"},
        {"unsubscribe_url": "https://a.example/>\r\nBcc: all@example.org"},
        {"unsubscribe_url": "javascript:alert(1)"},
    ],
)
def test_queue_message_refuses_addresses_that_are_none(in_alder, changes):
    with pytest.raises(HeaderError):
        queue(**changes)

    assert Message.objects.count() == 0


def test_network_name_cannot_begin_another_header(alder, post):
    alder.name = 'A" <x@example.org>\r\nBcc: all@example.org, "B\\'
    with context.in_network(alder):
        message = queue()

        services.send_message(message.id)

    (sent,) = post.messages
    assert sent["Bcc"] is None
    assert parseaddr(sent["From"])[1] == "collective@localhost"


def test_message_refused_for_good_fails_at_once(in_alder, post, caplog):
    message = queue(to="gone@alder.example")

    with caplog.at_level("DEBUG", logger="sbm.mail"):
        services.send_message(message.id)

    failed = Message.objects.get()
    assert (failed.state, failed.attempts, failed.error) == (State.FAILED, 1, "SMTPRecipientsRefused 550")
    ours = [record.getMessage() for record in caplog.records if record.name == "sbm.mail"]
    assert len(ours) == 1
    assert "gone@" not in ours[0]


def test_messages_are_counted_for_their_network_by_what_became_of_them(in_alder, post):
    for to in ("priya@alder.example", "gone@alder.example", "jo@alder.example"):
        services.send_message(queue(to=to).id)

    day = NetworkDay.objects.get()
    assert (day.network_id, day.mail_sent, day.mail_bounced, day.mail_held) == (in_alder.id, 2, 1, 0)


def test_message_refused_for_now_is_tried_again_and_then_given_up(in_alder, post):
    message = queue(to="busy@alder.example")

    for _ in range(tasks.MAX_ATTEMPTS - 1):
        with pytest.raises(DeliveryError, match=r"^SMTPRecipientsRefused 451$"):
            services.send_message(message.id)
    waiting = Message.objects.get()
    services.send_message(message.id)

    assert (waiting.state, waiting.attempts) == (State.QUEUED, tasks.MAX_ATTEMPTS - 1)
    assert Message.objects.get().state == State.FAILED


def test_server_that_is_away_lets_the_worker_try_again_without_a_word_of_the_message(alder, settings, post):
    settings.MAILERS["default"]["OPTIONS"]["port"] = 1
    with context.in_network(alder):
        queue(to="canary@alder.example")

    Worker().drain()

    row = DBTaskResult.objects.get()
    assert (row.status, row.exception_class_path) == ("READY", "shared_apps.mail.services.sending.DeliveryError")
    assert "canary" not in row.traceback
    with context.in_network(alder):
        assert list(Message.objects.values_list("state", "error")) == [(State.QUEUED, "ConnectionRefusedError")]


def test_without_a_mail_server_messages_are_stored_and_marked_sent(in_alder, settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    message = queue()

    services.send_message(message.id)

    assert Message.objects.get().state == State.SENT
    assert outgoing.outbox == []


def test_platform_message_speaks_for_the_host_it_is_given(alder):
    message = queue(host="alder.localhost", subject="Your code")

    stored = PlatformMessage.objects.get(id=message.id)
    assert stored.host == "alder.localhost"
    assert services.email_of(stored).from_email == '"Alder SBM Network" <collective@localhost>'


def test_prune_forgets_a_networks_messages_after_their_time(alder, birch):
    for network in (alder, birch):
        with context.in_network(network):
            queue(subject="Code", keep=timedelta(days=1))
            queue(subject="Reply")
    with context.in_network(alder):
        Message.objects.filter(subject="Code").update(delete_after=timezone.now() - timedelta(seconds=1))

        tasks.prune_network_messages.run_now()

        assert subjects(Message) == ["Reply"]
    with context.in_network(birch):
        assert subjects(Message) == ["Code", "Reply"]


def subjects(model) -> list[str]:
    return sorted(model.objects.values_list("subject", flat=True))
