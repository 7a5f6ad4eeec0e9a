"""Rendering messages, storing them in the current schema and enqueueing their sending, in the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.html import escape

from shared_apps.mail import tasks
from shared_apps.mail.enums import State
from shared_apps.mail.models import AnyMessage
from shared_apps.mail.rendering import Sender, build_headers, clean_address, clean_subject, render, sender_of
from shared_apps.mail.services.sending import current_model
from tenants.context import current_kind
from tenants.ids import random_id

KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What all copies of a message share. `template` and `context` are as in queue_message."""

    subject: str
    template: str
    context: Mapping[str, Any]
    kind: str
    thread_key: str = ""
    from_name: str = ""
    keep: timedelta = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What one copy has for itself; `values` are texts of the context that only this reader gets, such as links."""

    to: str
    dedupe_key: str
    to_account_id: UUID | None = None
    unsubscribe_url: str = ""
    reply_to: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    not_before: datetime | None = None

    @property
    def personal(self) -> dict[str, str]:
        """Every text that differs from copy to copy, but for the subject."""
        return {"unsubscribe_url": self.unsubscribe_url, "reply_to": self.reply_to, **self.values}


def queue_message(
    *,
    to: str,
    subject: str,
    template: str,
    context: dict[str, Any],
    kind: str,
    host: str | None = None,
    thread_key: str | None = None,
    unsubscribe_url: str | None = None,
    dedupe_key: str | None = None,
    reply_to: str | None = None,
    to_account_id: UUID | None = None,
    keep: timedelta = KEPT,
) -> AnyMessage:
    """Render a message, store it in the current schema and enqueue its sending, all in the caller's transaction.

    `template` names `templates/mail/<template>.txt` and `.html`; addresses in `context` are absolute. `host` is the
    host it speaks for, by default the current schema's. A `dedupe_key` seen before returns the first message and sends
    nothing. A thread keeps the subject of its first message. Give `keep` for what must not lie about, such as codes.
    """
    model = current_model()
    existing = model.objects.filter(dedupe_key=dedupe_key).first() if dedupe_key else None
    if existing is not None:
        return existing
    sender = sender_of(host)
    message = model(
        kind=kind,
        host=sender.host,
        to_address=clean_address(to),
        to_account_id=to_account_id,
        thread_key=thread_key or "",
        dedupe_key=dedupe_key,
        delete_after=timezone.now() + keep,
    )
    message.headers = build_headers(message, unsubscribe_url=unsubscribe_url, reply_to=reply_to)
    message.subject = _first_subjects([to], thread_key or "").get(message.to_address) or clean_subject(subject)
    values = {**context, "subject": message.subject, "sender": sender, "unsubscribe_url": unsubscribe_url}
    message.text, message.html = render(template, values)
    return _store(message)


@transaction.atomic
def queue_copies(letter: Letter, copies: Iterable[Copy]) -> int:
    """Queue one message for each copy whose dedupe_key is new, and return how many.

    The words are rendered once for all, and each reader's own links are filled in: a template takes a hundred times as
    long. In a race the unique key refuses the later transaction as a whole, and its job tries again.
    """
    wanted = {copy.dedupe_key: copy for copy in copies}
    known = current_model().objects.filter(dedupe_key__in=list(wanted)).values_list("dedupe_key", flat=True)
    fresh = [wanted[key] for key in wanted.keys() - set(known)]
    messages: list[Any] = list(_messages(letter, fresh))
    current_model().objects.bulk_create(messages, batch_size=500)
    _enqueue(messages, {copy.dedupe_key: copy.not_before for copy in fresh})
    return len(messages)


def forget_queued(*, kind: str, to: str) -> int:
    """Delete messages of the current schema that wait to be sent, because what they say no longer holds."""
    waiting = current_model().objects.filter(state=State.QUEUED, kind=kind, to_address=clean_address(to))
    return waiting.delete()[0]


def _messages(letter: Letter, copies: list[Copy]) -> Iterator[AnyMessage]:
    sender, now, model = sender_of(None), timezone.now(), current_model()
    subjects = _first_subjects([copy.to for copy in copies], letter.thread_key)
    rendered: dict[frozenset[str], _Form] = {}
    for copy in copies:
        message = model(
            kind=letter.kind,
            host=sender.host,
            from_name=clean_subject(letter.from_name)[:200],
            to_address=clean_address(copy.to),
            to_account_id=copy.to_account_id,
            thread_key=letter.thread_key,
            dedupe_key=copy.dedupe_key,
            delete_after=now + letter.keep,
            subject=subjects.get(copy.to) or clean_subject(letter.subject),
        )
        message.headers = build_headers(
            message, unsubscribe_url=copy.unsubscribe_url or None, reply_to=copy.reply_to or None
        )
        values = {name: value for name, value in copy.personal.items() if value} | {"subject": message.subject}
        form = rendered.setdefault(frozenset(values), _Form(letter, sender, frozenset(values)))
        message.text, message.html = form.filled(values)
        yield message


class _Form:
    """A letter rendered with marks where each reader's own texts go; a mark is random, so no text can hold it."""

    def __init__(self, letter: Letter, sender: Sender, names: frozenset[str]) -> None:
        self.source = letter, sender
        self.marks = {name: f"m{random_id().hex}m" for name in names}
        self.parts: tuple[str, str] | None = None

    def filled(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Return text and HTML with these values in the places of the marks."""
        if self.parts is None:
            letter, sender = self.source
            self.parts = render(letter.template, {**letter.context, "sender": sender, **self.marks})
        text, html = self.parts
        for name, mark in self.marks.items():
            text, html = text.replace(mark, values[name]), html.replace(mark, escape(values[name]))
        return text, html


def _first_subjects(addresses: list[str], thread_key: str) -> dict[str, str]:
    """Return the subject with which a thread began for each of these addresses."""
    if not thread_key:
        return {}
    thread = current_model().objects.filter(to_address__in=addresses, thread_key=thread_key)
    found = thread.order_by("to_address", "id").distinct("to_address").values_list("to_address", "subject")
    return dict(found)


def _enqueue(messages: list[AnyMessage], not_before: Mapping[str | None, datetime | None]) -> None:
    by_time: dict[datetime | None, list[dict[str, Any]]] = defaultdict(list)
    for message in messages:
        by_time[not_before[message.dedupe_key]].append({"message_id": message.id})
    send: Any = tasks.SEND[current_kind()]
    for moment, arguments in by_time.items():
        send.using(run_after=moment).enqueue_many(arguments)


def _store(message: AnyMessage) -> AnyMessage:
    try:
        with transaction.atomic():
            message.save(force_insert=True)
            tasks.SEND[current_kind()].enqueue(message_id=message.id)
    except IntegrityError:
        if message.dedupe_key is None:
            raise
        return type(message).objects.get(dedupe_key=message.dedupe_key)
    return message
