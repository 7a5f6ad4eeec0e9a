"""A network as large as a busy one, filled with rows rather than through the services, and requests to its pages."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client, RequestFactory

from tenant_apps.discussions.models import Category, Discussion, ReadMark, Reply
from tenant_apps.members.models import Member
from tenants.context import in_network
from tenants.ids import new_id
from tenants.models import Network
from tests.benchmarks.text import Text

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
MEMBERS = 200

Ask = Callable[[], bytes]


def fill(network: Network, reader: Member, *, discussions: int, replies: int, on_first: int) -> Discussion:
    """Add discussions with replies, `on_first` of them to the one that is returned; the reader has read nearly all."""
    text, chance = Text(seed=5), random.Random(5)
    with in_network(network):
        authors = Member.objects.bulk_create(_members(MEMBERS))
        categories = list(Category.objects.all())
        made = [
            _discussion(text, number, chance.choice(authors), chance.choice(categories))
            for number in range(discussions)
        ]
        counts = [on_first, *_spread(replies - on_first, discussions - 1, chance)]
        for discussion, count in zip(made, counts, strict=True):
            discussion.reply_count = count
        Discussion.objects.bulk_create(made, batch_size=500)
        Reply.objects.bulk_create(
            (_reply(text, each, number, chance.choice(authors)) for each in made for number in range(each.reply_count)),
            batch_size=500,
        )
        ReadMark.objects.bulk_create(
            (ReadMark(discussion=each, member=reader, seen_count=each.reply_count) for each in made[::-1][8:]),
            batch_size=500,
        )
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return made[0]


def page(handler: WSGIHandler, host: str, path: str, *, cookies: str) -> Ask:
    """Return a call that asks for a page as a browser does, answers with its bytes, and fails on anything but 200."""
    environ = RequestFactory()._base_environ(PATH_INFO=path.partition("?")[0], QUERY_STRING=path.partition("?")[2]) | {
        "HTTP_HOST": host,
        "SERVER_NAME": host,
        "HTTP_COOKIE": cookies,
    }

    def ask() -> bytes:
        status: list[str] = []
        response = handler(dict(environ), lambda line, headers: status.append(line))
        body = b"".join(response)
        response.close()
        assert status == ["200 OK"], (path, status)
        return body

    return ask


def _members(number: int) -> list[Member]:
    names = Text(seed=7).drawn(number * 2)
    return [
        Member(
            account_id=new_id(),
            name=f"{names[2 * each]} {names[2 * each + 1]}".title(),
            email=f"member{each}@alder.example",
            headline_job="School business manager",
            headline_school=f"{names[each].capitalize()} Primary School",
        )
        for each in range(number)
    ]


def _discussion(text: Text, number: int, author: Member, category: Category) -> Discussion:
    at = START + timedelta(hours=number)
    is_question = number % 3 != 0
    return Discussion(
        title=text.title(),
        body=text.body(),
        kind="question" if is_question else "discussion",
        is_answered=is_question and number % 2 == 0,
        author=author,
        category=category,
        created_at=at,
        last_activity_at=at + timedelta(hours=1),
    )


def _reply(text: Text, discussion: Discussion, number: int, author: Member) -> Reply:
    at = discussion.created_at + timedelta(minutes=number)
    return Reply(discussion=discussion, author=author, body=text.body(), is_answer=number == 2, created_at=at)


def _spread(total: int, over: int, chance: random.Random) -> list[int]:
    counts = [0] * over
    for place in chance.choices(range(over), k=total):
        counts[place] += 1
    return counts


def cookies_of(client: Client) -> str:
    """Return the header a browser with the cookies of a client sends."""
    return "; ".join(f"{morsel.key}={morsel.value}" for morsel in client.cookies.values())
