"""Hostile text in every field of every form: stored and shown as text, or refused with words and kept in the form."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

import pytest
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client

from shared_apps.mail.models import Message
from tenants.context import in_network
from tests.builders.accounts import host_of
from tests.isolation.answers import body
from tests.isolation.hostile import Form, Page, batches, rotating, storable, vocabulary
from tests.isolation.routes import routes
from tests.isolation.world import World

READERS = {  # who opens which pages of a host to find its forms
    "network": {"nobody": "sign|reset|join|unsub", "alder.owner": "", "alder.member": "posting|edit|share|notes|recom"},
    "collective": {"birch.member": "", "alder.member": "answers"},
    "platform": {"operator": ""},
}
NOT_TYPED_OR_NOT_SHOWN = {
    "emails",  # the lines that were addresses were invited, and are gone from the box
    "password",
    "present",
    "username",  # for password managers
}
MEGABYTE = "Ab <b> " * 150_000


@pytest.mark.parametrize("kind", ["network", "collective", "platform"])
def test_hostile_text_in_every_field_is_text_or_refused(world, errors, known, kind):
    faults, sent = [], 0
    for client, form in _forms(list(_open(world, kind))):
        for name, value in _attacks(form):
            with _taken_back(client):
                answer = client.post(form.action, _data(form, name, value))
                sent += 1
                problems = [*_problems(client, form, answer, name, value, known), *errors]
                faults += [(form.action, name, value[:60], problem) for problem in problems]
            errors.clear()

    assert faults == []
    assert sent > {"network": 100, "collective": 5, "platform": 5}[kind]


@pytest.mark.parametrize("kind", ["network", "collective", "platform"])
def test_a_megabyte_in_every_form_is_refused(world, errors, kind):
    faults = []
    for client, form in _forms(list(_open(world, kind))):
        words = [name for name, each in form.fields.items() if each.takes_words][-1:]
        with _taken_back(client):
            answer = client.post(form.action, _data(form, "") | dict.fromkeys(words, MEGABYTE))
        refused = 400 <= answer.status_code < 500
        if errors or (words and not refused) or answer.status_code >= 500:
            faults.append((form.action, answer.status_code, list(errors)))
        errors.clear()

    assert faults == []


@pytest.mark.parametrize(
    "raw", [b"%ED%A0%80", b"%FF%FE", b"%C0%80", b"%00", b"%F4%90%80%80", b"%", b"%zz", b"\xff\xfe\x00"]
)
def test_bytes_that_are_no_text_are_refused_or_replaced(world, errors, raw):
    client = world.browser("alder.owner", world.alder.network)
    fields = (
        "title",
        "body",
        "name",
        "text",
        "emails",
        "tagline",
        "q",
        "happened_on",
        "category",
        "kind",
        "role",
        "code",
    )
    data = b"&".join(field.encode() + b"=" + raw for field in fields)
    ids = world.alder.ids
    paths = (
        "/discussions/new/",
        f"/discussions/{ids['discussion_id']}/",
        "/members/me/edit/",
        "/manage/members/invite/",
        "/manage/branding/",
        "/manage/categories/",
        "/suppliers/new/",
        f"/suppliers/{ids['supplier_id']}/notes/new/",
        "/account/name/",
    )
    for path in paths:
        answer = client.post(path, data, content_type="application/x-www-form-urlencoded")

        assert answer.status_code < 500, (path, errors)


@pytest.fixture
def errors(settings) -> Iterator[list[str]]:
    """What was raised and became a 500; and no cache that remembers what is taken back."""
    settings.CACHES = {name: {"BACKEND": "django.core.cache.backends.dummy.DummyCache"} for name in settings.CACHES}
    raised: list[str] = []

    def note(sender, request=None, **_):
        import sys

        raised.append(repr(sys.exception())[:300])

    got_request_exception.connect(note)
    yield raised
    got_request_exception.disconnect(note)


@pytest.fixture
def known(world, errors) -> set[tuple[str, str]]:
    """The elements and attributes of every page, and of every form with nothing filled in."""
    if len(_KNOWN) < 20:
        for kind in READERS:
            opened = list(_open(world, kind))
            _KNOWN.update(vocabulary(page for _client, _path, page in opened))
            for client, form in _forms(opened):
                with _taken_back(client):
                    _KNOWN.update(Page(body(client.post(form.action, dict.fromkeys(form.fields, "")))).words)
    assert errors == []
    return _KNOWN


_KNOWN = {  # and those of the page that shows a new token, and of the one that watches a network come on line
    *(("button", "data-copy"), ("button", "hidden"), ("input", "readonly"), ("span", "aria-live")),
    *(("span", "data-copy-words"), ("div", "data-poll"), ("p", "role")),
    ("section", "id"),  # the panel beside one’s own discussion
    ("details", "open"),  # a poll that was begun
    ("a", "target"),  # what is like a question opens beside it
}


def _open(world: World, kind: str) -> Iterator[tuple[Client, str, str]]:
    host = world.alder.network if kind == "network" else kind
    for who, pages in READERS[kind].items():
        for route in routes(kind):
            the_same_on_every_host = kind != "network" and route.name.startswith("account")
            if the_same_on_every_host or not re.search(pages, route.pattern):
                continue
            client, path = world.browser(who, host), route.path(route.values(world, world.alder))
            answer = client.get(path)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                yield client, path, body(answer)
    if kind == "network":
        yield from _stages(world)


def _stages(world: World) -> Iterator[tuple[Client, str, str]]:
    """Pages that come after another: typing a code, joining."""
    for ask, path in (("/sign-in/code/", "/sign-in/code/type/"), ("/reset-password/", "/reset-password/code/")):
        client = Client(headers={"host": host_of(world.alder.network)}, raise_request_exception=False)
        client.post(ask, {"email": world.alder.accounts["member"].email})
        yield client, path, body(client.get(path))
    client, path = _invited(world)
    yield client, path, body(client.get(path))


def _invited(world: World) -> tuple[Client, str]:
    """Somebody who has typed the code of their invitation and is asked who they are."""
    client = Client(headers={"host": host_of(world.alder.network)}, raise_request_exception=False)
    token = world.alder.secrets["invitation"]
    with in_network(world.alder.network):
        mail = Message.objects.filter(
            to_address__contains=world.alder.kept("invited"), kind="members.join_code"
        ).first()
    code = re.search(r"^\s+(\d{3} ?\d{3})\s*$", mail.text, re.MULTILINE)[1]
    assert client.post(f"/join/{token}/code/", {"code": code}).status_code == 302
    return client, f"/join/{token}/details/"


def _forms(opened: list[tuple[Client, str, str]]) -> Iterator[tuple[Client, Form]]:
    """Yield every form of these pages that is posted, once."""
    seen = set()
    for client, path, text in opened:
        for form in Page(text, path).forms:
            form.action = urljoin(path, form.action)
            if form.method == "post" and form.key not in seen:
                seen.add(form.key)
                yield client, form


def _attacks(form: Form) -> Iterator[tuple[str, str]]:
    for name, each in form.fields.items():
        if name == "csrfmiddlewaretoken":
            continue
        if not each.takes_words:
            yield name, storable(next(_ROTATION["one"]))
            continue
        yield name, storable(next(_ROTATION["one"]))
        yield name, storable(next(_ROTATION["short"]))[: each.longest]
        if each.kind == "textarea":
            yield name, storable(batches(each.longest or 20_000)[0])


_ROTATION = {"one": rotating(None), "short": rotating(110)}


def _data(form: Form, name: str, value: str = "") -> dict[str, str]:
    """Return what a person might send, with one value changed; of the buttons only that one is pressed."""
    data = form.sample() | ({name: value} if name else {})
    return {key: each for key, each in data.items() if form.fields[key].kind not in ("button", "submit") or key == name}


def _problems(client: Client, form: Form, answer, name: str, value: str, known: set[tuple[str, str]]) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"status {answer.status_code}"
        return
    if answer.status_code in (301, 302, 303):
        if len(value) < 1000:
            return  # what is stored is looked at in test_hostile_pages
        answer = client.get(urljoin(form.action, answer["Location"]))
        if answer.status_code >= 500:
            yield f"status {answer.status_code} after {form.action}"
            return
        yield from _strange(answer, known)
        return
    yield from _strange(answer, known)
    if form.fields[name].takes_words and "text/html" in answer["Content-Type"]:
        yield from _lost(form, answer, name, value)


def _strange(answer, known: set[tuple[str, str]]) -> Iterator[str]:
    """Elements and attributes that no page has by itself, and addresses that run."""
    if "text/html" not in answer.get("Content-Type", ""):
        return
    page = Page(body(answer))
    if page.unsafe:
        yield f"unsafe {page.unsafe[:3]}"
    if new := page.words - known:
        yield f"elements {sorted(new)[:5]}"


def _lost(form: Form, answer, name: str, value: str) -> Iterator[str]:
    """A form that was refused says so, with a 4xx, and still holds what was typed."""
    text = body(answer)
    again = [each.fields[name] for each in Page(text).forms if name in each.fields]
    if "<title>Error" in text and not 400 <= answer.status_code < 500:
        yield f"refused with {answer.status_code}"
    if again and name not in NOT_TYPED_OR_NOT_SHOWN and _plain(value) not in [_plain(each.value) for each in again]:
        yield f"lost what was typed: {again[0].value[:60]!r}"


def _plain(text: str) -> str:
    """Without what no page can hold, and with the one line end and separator that a box shows."""
    return "".join(text.replace("\x00", "").replace(",", " ").replace(";", " ").split())


@contextmanager
def _taken_back(client: Client) -> Iterator[None]:
    """Undo what a request wrote, and what it did to the cookies; a savepoint of its own, not a block of Django's."""
    cookies, point = client.cookies.copy(), transaction.savepoint_create()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
        client.cookies = cookies
