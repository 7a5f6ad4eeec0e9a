"""What is left behind: in caches, by jobs, in emails, in the search index."""

import re
from inspect import signature

import pytest
from django.core.cache import caches
from django_tasks_db.models import DBTaskResult

from shared_apps.jobs.declarations import Job, NoNetworkError, load_jobs, registered_jobs
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion
from tenants.context import in_collective, in_network, in_public
from tenants.enums import Kind
from tenants.ids import random_id
from tenants.models import Network
from tests.isolation import rows
from tests.isolation.answers import Spy, body, difference, normal, whole
from tests.isolation.canaries import private_words
from tests.isolation.world import World

SAME_PATHS = [
    "/",
    "/theme.css",
    "/discussions/",
    "/members/",
    "/suppliers/",
    "/manage/sharing/",
    "/sharing/",
]


# Caches --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [("alder", "birch"), ("birch", "alder")])
def test_the_same_path_is_each_networks_own_whoever_asks_first(world, order):
    spies = {place.name: Spy(world, place) for place in world.places}
    clients = {name: world.browser(f"{name}.owner", world.place(name).network) for name in order}
    for path in SAME_PATHS:
        first, second = (body(clients[name].get(path)) for name in order)
        again = body(clients[order[0]].get(path))

        for name, text in zip((*order, order[0]), (first, second, again), strict=True):
            assert spies[_other(name)].finds(text) == set(), path
        assert first != second, path
        assert _plain(first) == _plain(again), path


def test_only_what_is_the_same_for_everybody_may_be_kept_by_others(world):
    """A proxy that keeps pages must never give one person's page to another."""
    for who, host in (("alder.owner", world.alder.network), ("both", "collective"), ("operator", "platform")):
        client = world.browser(who, host)
        for path in ("/", "/account/", "/switch/", "/discussions/", "/members/me/", "/operator/", "/answers/"):
            answer = client.get(path)

            assert "public" not in answer.get("Cache-Control", ""), path
            assert "Cookie" in answer.get("Vary", "") or answer.status_code == 404, path


def test_the_networks_cache_keeps_one_networks_things_from_another(world):
    cache = caches["network"]
    with in_network(world.alder.network):
        cache.set("thing", "alder's")
    with in_network(world.birch.network):
        assert cache.get("thing") is None
        cache.set("thing", "birch's")
        cache.clear()
    with in_collective():
        assert cache.get("thing") is None
    with in_public():
        assert cache.get("thing") is None
    with in_network(world.alder.network):
        assert cache.get("thing") == "alder's"
        cache.clear()


# Jobs ----------------------------------------------------------------------------------------------------------------


def test_a_job_of_one_network_touches_no_other(world):
    with in_network(world.alder.network):
        discussion = Discussion.objects.get(id=world.alder.ids["discussion_id"])
        discussions.post_reply(discussion, body="Something new.", by=world.alder.people["moderator"])

    with rows.watching() as written:
        assert Worker().drain() > 1

    assert written.tables[f"{world.alder.schema}.mail_message"] > 1
    assert [table for table in written.tables if table.startswith(f"{world.birch.schema}.")] == []


@pytest.mark.parametrize("network_id", [None, "", "01a20095-0000-7000-8000-000000000000"])
def test_a_job_without_a_network_is_refused(world, network_id):
    job = next(job for job in _jobs() if job.title == "discussions.reply.tell")
    row = _row(job, network_id, reply_id=str(world.alder.ids["reply_id"]))

    with rows.watching() as written:
        Worker().drain()

    row.refresh_from_db()
    assert row.status == "FAILED"
    assert [table for table in written.tables if not table.startswith("public.")] == []


def test_a_networks_job_cannot_be_enqueued_outside_one(world):
    for job in _jobs():
        arguments = {name: random_id() for name in signature(job.func).parameters}
        for place in (in_public(), in_collective()):
            with place, pytest.raises(NoNetworkError):
                job.enqueue(**arguments)


def test_every_job_given_ids_of_another_network_does_nothing_there_and_learns_nothing(world):
    """As if somebody had written a row by hand; a job may fail, but not cross."""
    ids = [
        world.birch.ids[name]
        for name in ("reply_id", "away_reply", "publication_id", "message_id", "item_id", "returned")
    ]
    jobs = [job for job in _jobs() if signature(job.func).parameters]
    for job in jobs:
        for each in ids:
            _row(job, str(world.alder.network.id), **{name: str(each) for name in signature(job.func).parameters})

    with rows.watching() as written:
        ran = Worker().drain(limit=len(jobs) * len(ids))

    assert ran == len(jobs) * len(ids) >= 12
    assert [table for table in written.tables if table.startswith(f"{world.birch.schema}.")] == []
    with in_network(world.alder.network):
        written_mail = [f"{mail.subject} {mail.text}" for mail in Message.objects.all()]
    assert [mail for mail in written_mail if private_words("birch").search(mail)] == []


# Emails --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "who"), [("alder", "nobody"), ("birch", "both"), ("collective", "both"), ("platform", "operator")]
)
def test_the_page_of_sent_mail_shows_each_host_its_own(world, settings, host, who):
    settings.DEBUG = True
    client = world.browser(who, _place(world, host))
    spies = [Spy(world, place) for place in world.places if place.name != host]
    own = _own_message(world, host)
    paths = [
        "/dev/mail/",
        f"/dev/mail/{own}/html/",
        *(f"/dev/mail/{own}/?part={part}" for part in ("text", "html", "headers", "raw")),
    ]
    for path in (*paths, "/dev/mail/?to=canary"):
        with rows.watching() as written:
            answer = client.get(path)

        assert answer.status_code == 200, path
        assert [spy.finds(whole(answer)) for spy in spies] == [set()] * len(spies), path
        assert written.tables == {}
    for other in {"alder", "birch", "collective", "platform"} - {host}:
        theirs, nothing = _own_message(world, other), str(random_id())
        for path in ("/dev/mail/{}/", "/dev/mail/{}/html/", "/dev/mail/{}/?part=raw"):
            answers = (
                normal(client.get(path.format(theirs)), [theirs]),
                normal(client.get(path.format(nothing)), [nothing]),
            )
            assert difference(*answers) == "", path


def test_no_email_holds_what_another_network_keeps(world):
    for place in world.places:
        with in_network(place.network):
            mail = [
                f"{each.to_address} {each.subject} {each.headers} {each.text} {each.html}"
                for each in Message.objects.all()
            ]

        assert len(mail) >= 8
        assert any(private_words(place.name).search(each) for each in mail)
        assert [each for each in mail if private_words(world.other(place).name).search(each)] == []


def test_an_email_leads_to_its_own_host_and_the_collective_alone(world):
    for place in world.places:
        with in_network(place.network):
            texts = [mail.text + " ".join(re.findall(r'href="([^"]+)"', mail.html)) for mail in Message.objects.all()]
        links = {link for text in texts for link in re.findall(r"https?://([\w.-]+)", text)}

        assert links <= {f"{place.name}.localhost", "collective.localhost"}


# Search --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["alder.member", "birch.member"])
def test_search_knows_no_word_that_stays(world, reader):
    program = world.program(reader, "collective")
    words = _private_words(world)
    found = {word: program.get("/api/v1/search/", {"q": word}).json()["results"] for word in words}

    assert len(words) > 60
    assert {word: hits for word, hits in found.items() if hits} == {}
    assert program.get("/api/v1/search/", {"q": "sharedbody"}).json()["results"], "it finds what was shared"


def _private_words(world: World) -> list[str]:
    """Return the last part of every canary that stays in its network: the word that nothing else holds."""
    texts = (
        text
        for place in world.places
        for table in rows.tables(place.schema)
        for text in rows.texts(place.schema, table)
    )
    return sorted({word for text in texts for word in re.findall(r"canary-\w+-((?:kept|cut)\w+)", text)})


def _jobs() -> list[Job]:
    load_jobs()
    return [job for job in registered_jobs().values() if job.kind == Kind.NETWORK and job.module_path.startswith(_OURS)]


_OURS = ("shared_apps.", "tenant_apps.", "collective.")


def _row(job: Job, network_id: str | None, **arguments: str) -> DBTaskResult:
    """Return a row as somebody might write it by hand, first in the queue."""
    row = job.get_backend().new_row(job, arguments)
    row.args_kwargs["network"] = network_id
    row.priority = 100
    row.save(force_insert=True)
    return row


def _place(world: World, host: str) -> Network | str:
    return host if host in ("collective", "platform") else world.place(host).network


def _own_message(world: World, host: str) -> str:
    named = {"collective": "collective_message", "platform": "platform_message"}
    return str(world.ids[named[host]] if host in named else world.place(host).ids["message_id"])


def _other(name: str) -> str:
    return {"alder": "birch", "birch": "alder"}[name]


def _plain(text: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
