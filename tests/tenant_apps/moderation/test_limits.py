"""How much a member may write, and how soon; nobody else's writing counts."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from shared_apps.accounts.selectors import account_of_email
from shared_apps.audit.services import Actor
from shared_apps.mail.models import Message
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Category, Discussion, Reply
from tenant_apps.discussions.services import TooSoonError
from tenant_apps.files.models import StoredFile
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenant_apps.moderation.limits import LimitError, check_limits, is_new, refusal_to_attach
from tenant_apps.suppliers.services import SupplierError
from tenants.context import in_network
from tests.builders.accounts import token_client
from tests.builders.discussions import make_discussion
from tests.builders.emails import raw_email, send_in
from tests.builders.files import pdf
from tests.builders.members import client_of, make_member
from tests.builders.suppliers import make_recommendation, make_supplier


def by_page(member: Member) -> Member:
    """The member as a request would have them."""
    return member.acting_as(Actor(account_id=member.account_id, label="", via="page"))


@pytest.fixture
def newcomer(in_alder):
    return by_page(make_member(in_alder, name="New Comer"))


@pytest.fixture
def regular(in_alder):
    member = make_member(in_alder, name="Old Hand")
    Member.objects.filter(id=member.id).update(joined_at=timezone.now() - timedelta(days=30))
    return by_page(Member.objects.get(id=member.id))


def times(count: int, act: str, member: Member) -> int:
    """Return how many of so many went through."""
    for done in range(count):
        try:
            check_limits(act, by=member)
        except LimitError:
            return done
    return count


def test_a_new_member_starts_three_discussions_a_day(newcomer):
    assert times(5, "discussion", newcomer) == 3
    assert times(12, "reply", newcomer) == 10


def test_a_regular_has_the_limit_of_everybody(regular):
    assert times(11, "discussion", regular) == 10
    assert times(31, "reply", regular) == 30


def test_the_message_says_when_to_try_again(newcomer):
    times(3, "discussion", newcomer)

    with pytest.raises(LimitError, match="You have started 3 discussions in the last day") as refused:
        check_limits("discussion", by=newcomer)

    assert "Try again after" in str(refused.value)
    assert 86_000 < refused.value.seconds <= 86_401


def test_each_member_and_each_network_counts_for_itself(newcomer, in_alder, birch):
    times(3, "discussion", newcomer)
    other = by_page(make_member(in_alder, name="Another One"))
    assert times(1, "discussion", other) == 1
    with in_network(birch, joining_transaction=True):
        twin = by_page(make_member(birch, name="New Comer", email=newcomer.email))
        assert times(1, "discussion", twin) == 1


def test_a_new_member_has_few_links(newcomer, regular):
    text = "https://a.example http://b.example www.c.example"

    with pytest.raises(LimitError, match="at most 2 links"):
        check_limits("reply", by=newcomer, text=text)
    check_limits("reply", by=regular, text=text)


def test_who_has_five_posts_standing_is_new_no_longer(newcomer):
    assert is_new(newcomer)
    unlimited = Member.objects.get(id=newcomer.id)
    for number in range(5):
        make_discussion(unlimited, title=f"Question {number}")

    assert not is_new(newcomer)


def test_a_moderator_is_never_new(in_alder):
    assert not is_new(make_member(in_alder, name="Mo", role=Role.MODERATOR))


def test_a_command_is_not_limited_and_an_email_is(in_alder):
    member = make_member(in_alder, name="New Comer")

    assert times(20, "discussion", member) == 20
    member.acting_as(Actor(account_id=member.account_id, label="", via="job"))
    for _ in range(3):
        discussions.start_discussion(title="By email", body="Words.", via="email", by=member)
    with pytest.raises(TooSoonError):
        discussions.start_discussion(title="By email", body="Words.", via="email", by=member)


def test_a_page_that_refuses_keeps_what_was_written(alder):
    member = make_member(alder, name="New Comer")
    client = client_of(member, alder)
    with in_network(alder):
        category = str(Category.objects.first().id)
    for number in range(3):
        assert client.post("/discussions/new/", _asked(f"Question {number}", category)).status_code == 302

    answer = client.post("/discussions/new/", _asked("One too many", category))

    assert answer.status_code == 422
    assert "One too many" in answer.text
    assert "You have started 3 discussions" in answer.text


def test_a_program_is_told_when_to_try_again(alder):
    member = make_member(alder, name="New Comer")
    client = token_client(account_of_email(member.email), alder)
    answers = [
        client.post("/api/v1/discussions/", {"title": f"Q{n}", "body": "B"}, content_type="application/json")
        for n in range(4)
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert int(answers[-1]["Retry-After"]) > 86_000


def _asked(title: str, category: str) -> dict[str, str]:
    return {"title": title, "body": "Some words.", "kind": "question", "category": category}


def test_a_new_member_attaches_no_files_yet(newcomer, regular, in_alder):
    assert refusal_to_attach(newcomer).startswith("You cannot attach files until you have been here for a week")
    assert refusal_to_attach(regular) == ""
    assert refusal_to_attach(make_member(in_alder, name="By Command")) == ""


def test_a_new_member_attaches_no_files_by_whatever_way(alder):
    """By page, by program and by email: the text is posted, or can be, and the files are not."""
    member, to = make_member(alder, name="New Comer"), "ict@alder.localhost"
    with in_network(alder):
        asked = make_discussion(member)
    program, page = token_client(account_of_email(member.email), alder), client_of(member, alder)

    by_program = program.post(f"/api/v1/discussions/{asked.id}/files/", {"file": SimpleUploadedFile("q.pdf", pdf())})
    by_page = page.post(f"/discussions/{asked.id}/", {"body": "See.", "files": SimpleUploadedFile("q.pdf", pdf())})
    send_in(raw_email(sender=member.email, to=to, subject="Quotes", files=(("quote.pdf", pdf()),)), to=to)

    assert (by_program.status_code, by_page.status_code) == (403, 422)
    assert "until you have been here for a week" in by_program.json()["detail"]
    assert "Post the text without them." in by_page.text
    with in_network(alder):
        assert Discussion.objects.filter(title="Quotes").exists()
        assert (Reply.objects.count(), StoredFile.objects.count()) == (0, 0)
        assert "until you have been here for a week" in Message.objects.get(kind="inbound.files_left_out").text


def test_recommendations_have_a_pace_too(newcomer):
    supplier = make_supplier(Member.objects.get(id=newcomer.id))

    with pytest.raises(SupplierError, match="at most 2 links"):
        make_recommendation(supplier, newcomer, text="https://a.example https://b.example https://c.example")
    assert times(21, "recommendation", newcomer) == 20
