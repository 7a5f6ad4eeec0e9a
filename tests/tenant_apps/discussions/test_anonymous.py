"""A question without a name: who asked it is on no page, in no answer, in no email, for anybody else."""

import re

import pytest
from django.test import Client

from shared_apps.accounts.models import User
from shared_apps.audit.models import Event
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Category, Discussion, Reply
from tenant_apps.discussions.services import CategoryFacts, DiscussionError, NotAllowedError
from tenant_apps.files import services as files
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenant_apps.sharing import services as sharing
from tenants.context import in_network
from tenants.models import Network
from tests.builders.accounts import token_client
from tests.builders.discussions import share
from tests.builders.members import client_of, make_member
from tests.builders.pages import text_of

CANARY = re.compile(r"quietone|Hushford", re.IGNORECASE)


@pytest.fixture
def asker(alder: Network) -> Member:
    return make_member(
        alder,
        name="Quietone Asker",
        email="quietone@mail.example",
        school="Hushford School",
        job_title="Hushford clerk",
    )


@pytest.fixture
def helen(alder: Network) -> Member:
    return make_member(alder, name="Helen Marsh", role=Role.OWNER)


@pytest.fixture
def staff(alder: Network, helen) -> Category:
    with in_network(alder):
        found = Category.objects.get(name="Staff")
        made = services.save_category(
            name="Staff", category=found, facts=CategoryFacts(allows_anonymous=True), by=helen
        )
        selectors.forget_categories()
        return made


@pytest.fixture
def waiting(alder: Network, asker, staff) -> Discussion:
    with in_network(alder):
        return services.start_discussion(
            title="A grievance", body="About my head", category=staff, is_anonymous=True, by=asker
        )


@pytest.fixture
def question(alder: Network, waiting, asker, tom, rob) -> Discussion:
    """Approved, with a reply of the asker's, an answer they marked, and an edit of theirs."""
    with in_network(alder):
        services.approve_question(waiting, by=rob)
        reply = services.post_reply(waiting, body="Ask ACAS", by=tom)
        own = services.post_reply(waiting, body="Thank you", by=asker)
        services.edit_reply(own, body="Thank you all", by=asker)
        services.mark_reply(waiting, reply.id, is_answer=True, by=asker)
        services.edit_discussion(waiting, title="A grievance", body="About my line manager", by=asker)
        return Discussion.objects.get(id=waiting.id)


def account_of(member: Member) -> User:
    return User.objects.with_networks().get(pk=member.account_id)


def pages(discussion: Discussion) -> list[str]:
    path = f"/discussions/{discussion.id}/"
    replies = list(Reply.objects.filter(discussion=discussion).values_list("id", flat=True))
    found = [path, f"{path}history/", "/discussions/", "/discussions/?q=grievance", "/discussions/?show=unread", "/"]
    found += ["/discussions/?show=unanswered", "/discussions/?category=Staff", "/manage/waiting/", "/manage/sharing/"]
    found += ["/search/?q=grievance", "/search/?q=Thank", "/notifications/", "/manage/moderation/"]
    found += [f"{path}share/", f"/report/discussion/{discussion.id}/"]
    return found + [f"{path}replies/{each}/history/" for each in replies]


def test_it_waits_and_nobody_is_told_but_moderators(alder: Network, waiting, asker, tom, rob, helen) -> None:
    Worker().drain()
    path = f"/discussions/{waiting.id}/"

    assert client_of(tom, alder).get(path).status_code == 404
    assert "grievance" not in client_of(tom, alder).get("/discussions/").content.decode()
    assert token_client(account_of(tom), alder).get(f"/api/v1{path}").status_code == 404
    assert "Waits for a moderator" in text_of(client_of(asker, alder).get(path))
    queue = client_of(rob, alder).get("/manage/waiting/").content.decode()
    assert "About my head" in queue
    assert not CANARY.search(queue)
    with in_network(alder):
        told = {message.to_address for message in Message.objects.filter(kind="discussions.waiting")}
        with pytest.raises(DiscussionError):
            services.post_reply(waiting, body="x", by=asker)
    assert {rob.email, helen.email} <= told
    assert not {tom.email, asker.email} & told


@pytest.mark.parametrize("who", ["tom", "rob", "helen"])
def test_no_page_and_no_answer_names_who_asked(request, alder: Network, question, asker, who) -> None:
    reader = request.getfixturevalue(who)
    browser: Client = client_of(reader, alder)
    program = token_client(account_of(reader), alder)
    with in_network(alder):
        addresses = pages(question)
    secrets = re.compile(f"{CANARY.pattern}|{asker.id}|{asker.account_id}", re.IGNORECASE)

    seen = [browser.get(each).content.decode() for each in addresses]
    api = f"/api/v1/discussions/{question.id}/"
    seen += [program.get(each).content.decode() for each in (api, f"{api}replies/", "/api/v1/discussions/")]
    seen += [program.get("/api/v1/search/?q=grievance").content.decode()]

    leaking = [address for address, text in zip([*addresses, *"abcd"], seen, strict=True) if secrets.search(text)]
    front = "/"  # where newcomers are named, whatever they asked
    assert [each for each in leaking if each != front] == []
    assert "A member" in text_of(browser.get(f"/discussions/{question.id}/"))
    assert "The person who asked" in text_of(browser.get(f"/discussions/{question.id}/"))
    assert "A member" in text_of(browser.get("/discussions/"))
    assert program.get(api).json()["author"] == {"id": None, "name": "A member"}
    assert [each["author"]["id"] for each in program.get(f"{api}replies/").json()["results"]].count(None) == 1


def test_no_email_to_others_names_who_asked(alder: Network, question, asker, tom, rob) -> None:
    Worker().drain()

    with in_network(alder):
        told = Message.objects.exclude(to_address=asker.email).exclude(kind="invitation")
        leaking = [
            message.subject for message in told if CANARY.search(f"{message.text}{message.html}{message.headers}")
        ]
        assert told.filter(text__contains="The person who asked").exists()
    assert leaking == []


def test_the_audit_names_nobody(alder: Network, question, asker) -> None:
    with in_network(alder):
        about = Event.objects.filter(name__startswith="discussions.").exclude(actor_id=None)
        assert not about.filter(actor_id=asker.account_id).exists()
        assert Event.objects.filter(name="discussions.discussion.started", actor_id=None).exists()


def test_the_audit_of_files_names_nobody(alder: Network, question, asker, rob) -> None:
    with in_network(alder):
        reply = services.post_reply(question, body="A draft.", by=asker)
        attached = [
            files.attach(f"{kind}.txt", b"Words.", kind=kind, object_id=object_id, by=asker)
            for kind, object_id in (("discussion", question.id), ("reply", reply.id))
        ]
        files.remove_file(attached[0], by=asker)
        files.remove_file(attached[1], by=rob)
        found = Event.objects.filter(name__startswith="files.").order_by("at", "id")

        assert list(found.values_list("name", "actor_id")) == [
            ("files.file.attached", None),
            ("files.file.attached", None),
            ("files.file.removed", None),
            ("files.file.removed", rob.account_id),
        ]


def test_the_asker_sees_that_it_is_theirs(alder: Network, question, asker) -> None:
    words = text_of(client_of(asker, alder).get(f"/discussions/{question.id}/"))

    assert words.count("(you)") == 2


def test_a_moderator_who_looks_leaves_a_trace(alder: Network, waiting, asker, tom, rob) -> None:
    path = f"/discussions/{waiting.id}/author/"

    assert client_of(tom, alder).post(path).status_code == 404
    assert client_of(rob, alder).get(path).status_code == 405
    assert "Quietone Asker" in text_of(client_of(rob, alder).post(path))
    with in_network(alder):
        event = Event.objects.order_by("-id").first()
        assert (event.name, event.actor_id) == ("discussions.discussion.author_revealed", rob.account_id)
        with pytest.raises(NotAllowedError):
            services.reveal_author(waiting, by=tom)


def test_refused_its_author_alone_is_told_why(alder: Network, waiting, asker, tom, rob) -> None:
    moderator = client_of(rob, alder)

    assert moderator.post(f"/manage/waiting/{waiting.id}/refuse/", {"reason": ""}).status_code == 422
    moderator.post(f"/manage/waiting/{waiting.id}/refuse/", {"reason": "It names a pupil."})
    Worker().drain()

    with in_network(alder):
        (message,) = Message.objects.filter(kind="discussions.refused")
        assert (message.to_address, "It names a pupil." in message.text) == (asker.email, True)
        assert list(selectors.waiting()) == []
    assert client_of(tom, alder).get(f"/discussions/{waiting.id}/").status_code == 404
    assert "It names a pupil." in text_of(client_of(asker, alder).get(f"/discussions/{waiting.id}/"))
    assert moderator.post(f"/manage/waiting/{waiting.id}/approve/", follow=True).status_code == 200


def test_it_stays_in_its_network(alder: Network, question, asker) -> None:
    with in_network(alder), pytest.raises(sharing.NothingToShareError):
        share(question, asker)
    assert client_of(asker, alder).get(f"/discussions/{question.id}/share/").status_code == 404


def test_only_where_organisers_allow_it(alder: Network, asker, staff) -> None:
    browser, program = client_of(asker, alder), token_client(account_of(asker), alder)
    with in_network(alder):
        energy = Category.objects.get(name="Energy")
    form = {"kind": "question", "title": "x", "body": "y", "category": str(energy.id), "is_anonymous": "on"}

    refused = browser.post("/discussions/new/", form)
    by_program = program.post(
        "/api/v1/discussions/",
        {"title": "x", "body": "y", "category": "Staff", "is_anonymous": True},
        content_type="application/json",
    )

    assert (refused.status_code, "An organiser can change that" in text_of(refused)) == (422, True)
    assert (by_program.status_code, by_program.json()["awaits_approval"]) == (201, True)
    assert browser.post("/discussions/new/", {**form, "category": str(staff.id)}).status_code == 302


def test_the_tick_is_offered_where_a_category_allows_it(alder: Network, tom, helen) -> None:
    browser = client_of(tom, alder)
    assert "Ask without my name In Staff only." in text_of(browser.get("/discussions/new/"))

    with in_network(alder):
        found = Category.objects.get(name="Staff")
        services.save_category(name="Staff", category=found, facts=CategoryFacts(allows_anonymous=False), by=helen)
        selectors.forget_categories()

    assert "Ask without my name" not in text_of(browser.get("/discussions/new/"))


@pytest.mark.parametrize(
    "path", ["/manage/waiting/{id}/approve/", "/manage/waiting/{id}/refuse/", "/discussions/{id}/author/"]
)
def test_ids_of_another_network_are_unknown(alder: Network, birch, waiting, path) -> None:
    moderator = client_of(make_member(birch, name="Birch Mod", role=Role.MODERATOR), birch)

    assert moderator.post(path.format(id=waiting.id), {"reason": "x"}).status_code == 404
    with in_network(alder):
        assert Discussion.objects.get().awaits_approval
