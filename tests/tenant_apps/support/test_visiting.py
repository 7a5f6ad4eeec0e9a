"""A visit: it looks, changes nothing, carries a banner, and leaves everything in the network's log."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared_apps.audit.models import Event
from shared_apps.grants import services
from shared_apps.grants.enums import GrantState
from shared_apps.grants.models import SupportGrant
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion, ReadMark, Reply
from tenants.context import in_network
from tests.builders import members
from tests.builders.accounts import client_of, make_account
from tests.builders.grants import actor, let_in

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def discussion(alder, owner):
    with in_network(alder):
        return discussions.start_discussion(title="Which boiler?", body="Ours is old.", by=owner)


@pytest.fixture
def grant(alder, operator, owner):
    return let_in(alder, operator, account(owner))


@pytest.fixture
def visitor(alder, operator, grant):
    return client_of(operator, alder)


def account(member):
    from shared_apps.accounts.models import User

    return User.objects.get(pk=member.account_id)


def log(network):
    with in_network(network):
        found = Event.objects.filter(name__startswith="support.").order_by("id")
        return [(event.name, event.details.get("view", "")) for event in found]


def test_a_visitor_sees_what_an_organiser_sees_with_a_banner(visitor, discussion):
    desk, page = visitor.get("/manage/"), visitor.get(f"/discussions/{discussion.id}/")

    assert (desk.status_code, page.status_code) == (200, 200)
    assert "Ours is old." in page.content.decode()
    for answer in (desk, page, visitor.get("/no/such/page/")):
        assert "Support visit by Olive Operator" in answer.content.decode()
        assert "End now" in answer.content.decode()


def test_what_is_for_owners_stays_theirs(visitor):
    paths = ("/manage/plan/", "/manage/export/", "/manage/support/")

    assert [visitor.get(path).status_code for path in paths] == [403, 403, 403]


def test_looking_marks_nothing_read(visitor, alder, owner, discussion):
    visitor.get(f"/discussions/{discussion.id}/")

    with in_network(alder):
        assert list(ReadMark.objects.values_list("member_id", flat=True)) == [owner.id]  # who wrote it


def test_what_a_visitor_sends_is_refused_with_the_reason_and_the_words(visitor, alder, discussion):
    url = f"/discussions/{discussion.id}/"

    answer = visitor.post(url, {"body": "Try the reset button."}, headers=FROM_HERE)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "You are only looking" in page
    assert "Try the reset button." in page
    with in_network(alder):
        assert not Reply.objects.exists()
        event = Event.objects.get(name="support.act.refused")
        assert event.details == {"view": "discussions:discussion_detail", "discussion_id": str(discussion.id)}


def test_a_form_is_not_offered(visitor):
    answer = visitor.get("/discussions/new/")

    assert answer.status_code == 403
    assert "You are only looking" in answer.content.decode()


def test_every_page_is_in_the_networks_own_log(visitor, alder, birch, discussion, operator):
    visitor.get("/")
    visitor.get(f"/discussions/{discussion.id}/")

    assert log(alder)[2:] == [
        ("support.access.opened", ""),
        ("support.page.opened", "home:home"),
        ("support.page.opened", "discussions:discussion_detail"),
    ]
    assert log(birch) == []
    with in_network(alder):
        assert set(Event.objects.filter(name="support.page.opened").values_list("actor_id", flat=True)) == {operator.pk}


def test_the_visitor_ends_it(visitor, alder):
    assert visitor.get("/support/end/").status_code == 405

    answer = visitor.post("/support/end/")

    assert "The visit is over" in answer.content.decode()
    assert SupportGrant.objects.get().state == GrantState.ENDED
    assert visitor.get("/").status_code == 302
    assert log(alder)[-1][0] == "support.access.ended"


@pytest.mark.parametrize("ends", ["owner", "time"])
def test_the_next_request_after_the_end_is_a_strangers(visitor, grant, owner, ends):
    assert visitor.get("/manage/").status_code == 200
    if ends == "owner":
        services.end(grant, now=timezone.now(), by=actor(account(owner)))
    else:
        SupportGrant.objects.update(decided_at=grant.asked_at, ends_at=timezone.now())

    assert visitor.get("/manage/").status_code == 302


def test_the_grant_is_worth_nothing_elsewhere(alder, birch, operator, grant, discussion):
    colleague = make_account(email="otto@operator.example", name="Otto", operator=True)

    for who, where in ((operator, birch), (operator, "collective"), (colleague, alder)):
        answer = client_of(who, where).get("/members/")
        assert answer.status_code in (302, 404), (who, where)


def test_a_visitor_makes_no_token(visitor, operator):
    from shared_apps.api.models import ApiToken

    assert visitor.post("/account/tokens/", {"name": "Mine", "place": "platform"}).status_code == 403
    assert visitor.get("/api/v1/discussions/").status_code == 401
    assert not ApiToken.objects.exists()


def test_members_pay_no_query_for_it(alder, owner, grant, discussion):
    """The front page of a member: session, account, member and the page's own, none of them about grants."""
    browser = members.client_of(owner, alder)
    browser.get("/")

    with CaptureQueriesContext(connection) as queries:
        browser.get("/")

    assert not [each["sql"] for each in queries if "grants_" in each["sql"]]


def test_an_operator_who_is_a_member_stays_one(alder, operator, grant):
    from shared_apps.accounts import services as accounts

    members.make_member(alder, name="Olive Operator", email=operator.email)
    assert accounts.get_or_create_account(operator.email).pk == operator.pk

    page = client_of(operator, alder).get("/").content.decode()

    assert "Support visit" not in page


def test_the_service_refuses_a_visitor_too(alder, operator, grant):
    from tenant_apps.members.permissions import can_write, is_organiser
    from tenant_apps.support.selectors import visitor_of

    with in_network(alder):
        member = visitor_of(grant, operator)

        assert is_organiser(member)
        assert not can_write(member)
        assert not Discussion.objects.filter(author_id=member.id).exists()
