"""Joining by an invitation: whoever holds the link must also read the address, and a link works once."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from shared_apps.accounts.models import HandOff, NetworkAccess
from shared_apps.accounts.selectors import account_of_email
from shared_apps.audit.models import Event
from shared_apps.mail.models import Message
from shared_apps.requests.models import NetworkRequest
from tenant_apps.members import selectors, services
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Invitation, Member, Posting
from tenants import lifecycle
from tenants.context import in_network
from tests.builders.accounts import make_account
from tests.builders.at_once import at_once, within
from tests.builders.members import client_of, make_member
from tests.builders.requests import make_request
from tests.builders.schools import make_school

ADDRESS = "sam.new@school.example"


@pytest.fixture
def owner(alder):
    return make_member(alder, name="Helen Marsh", role=Role.OWNER)


@pytest.fixture
def path(alder, owner):
    with in_network(alder):
        return path_of(services.invite_member(email=ADDRESS, by=owner))


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def newest_code(network) -> str:
    with in_network(network):
        return Message.objects.filter(kind="members.join_code").latest("id").subject.split()[0]


def prove(client: Client, path: str, network) -> None:
    client.post(path)
    client.post(f"{path}code/", {"code": newest_code(network)})


def test_invite_member_keeps_no_token_and_one_email(alder, path):
    token = path.rstrip("/").rsplit("/", 1)[1]

    with in_network(alder):
        invitation = Invitation.objects.get(email=ADDRESS)
        message = Message.objects.get(to_address=ADDRESS)

    kept = {field.name: str(getattr(invitation, field.attname)) for field in Invitation._meta.concrete_fields}
    assert [name for name, value in kept.items() if token in value] == []
    assert path in message.text
    assert (message.kind, invitation.expires_at - invitation.created_at) == ("invitation", timedelta(days=14))


def test_opening_the_link_changes_nothing(alder, path, client_for):
    with in_network(alder):
        before = list(Invitation.objects.order_by("id").values())

    answers = [client_for(alder).get(path + page).status_code for page in ("", "code/", "details/", "school/")]

    with in_network(alder):
        assert list(Invitation.objects.order_by("id").values()) == before
        assert not Message.objects.filter(kind="members.join_code").exists()
    assert answers == [200, 302, 302, 302]


def test_who_is_known_by_name_does_not_type_it_again(alder, birch, path, client_for):
    asked = make_request(email=ADDRESS, person="Sam New")
    client, names = client_for(alder), []
    prove(client, path, alder)

    for network in (birch, alder):
        NetworkRequest.objects.filter(pk=asked.pk).update(network=network)
        names.append(client.get(f"{path}details/").context["form"]["name"].value())
    make_account(email=ADDRESS, name="Sam Known")
    names.append(client.get(f"{path}details/").context["form"]["name"].value())

    assert names == ["", "Sam New", "Sam Known"]


def with_google(providers, network: Client, path: str, *, email: str = ADDRESS, kind: str = "workspace"):
    """Go from the invitation to Google and back, and return the answer of the platform's host."""
    platform = Client(headers={"host": "localhost"})
    way = next(each for each in network.get(path).context["ways_in"] if each.provider == "google")
    page = platform.get(platform.get(path_of(network.get(way.url)["Location"]))["Location"])
    return platform, providers.sign_in(platform, email, kind, next=page.context["next"])


def test_who_is_invited_shows_the_address_with_google_and_no_code_is_sent(alder, path, client_for, providers):
    client = client_for(alder)
    platform, answer = with_google(providers, client, path)
    arrived = client.get(path_of(platform.get(answer["Location"])["Location"]))
    kept = str(HandOff.objects.values().get())

    response = client.post(
        f"{path}details/", {"name": "Sam New", "job_title": "SBM", "password": "four plain old words"}
    )

    assert arrived["Location"] == path
    assert (response.status_code, response.url) == (302, "/")
    assert platform.get("/account/").status_code == 302  # nobody is signed in there
    assert ADDRESS not in kept
    assert SocialAccount.objects.count() == 0
    with in_network(alder):
        assert not Message.objects.filter(kind="members.join_code").exists()
    assert providers.sign_in(platform, ADDRESS)["Location"] == "/switch/"  # from now on they can sign in so


def test_an_address_that_was_not_shown_opens_no_invitation(alder, path, client_for, providers):
    client, other = client_for(alder), client_for(alder)

    _, unproved = with_google(providers, client, path, kind="unproved")
    platform, answer = with_google(providers, client, path, email="tom@school.example")
    client.get(path_of(platform.get(answer["Location"])["Location"]))
    mine, right = with_google(providers, client, path)
    link = path_of(mine.get(right["Location"])["Location"])
    stolen = other.get(link)
    again = mine.get(right["Location"])

    assert (unproved.status_code, "by a code" in unproved.content.decode()) == (400, True)
    assert client.get(f"{path}details/").status_code == 302
    assert urlsplit(stolen["Location"]).path == "/sign-in/"
    assert other.get(f"{path}details/").status_code == 302
    assert path_of(again["Location"]) == path  # it is handed on once


def test_join_makes_account_access_member_and_posting_and_signs_in(alder, path, client_for):
    school = make_school("Alder Green Primary School")
    client = client_for(alder)
    prove(client, path, alder)
    details = {"name": "Sam New", "job_title": "SBM", "school": school.id, "password": "four plain old words"}

    response = client.post(f"{path}details/", details)

    account = account_of_email(ADDRESS)
    with in_network(alder):
        member = Member.objects.get(account_id=account.id)
        posting = Posting.objects.get(member=member)
        events = set(Event.objects.values_list("name", flat=True))
    assert (response.status_code, response.url) == (302, "/")
    assert (member.name, member.role, member.email, member.school_name) == ("Sam New", "member", ADDRESS, school.name)
    assert (posting.school_id, posting.job_title, posting.is_primary) == (school.id, "SBM", True)
    assert NetworkAccess.objects.get(account_id=account.id).display_name == "Sam New"
    assert account.check_password("four plain old words")
    assert {"members.invitation.sent", "members.invitation.accepted", "members.posting.added"} <= events
    assert client.get("/members/").status_code == 200


def test_join_without_school_or_password(alder, path, client_for):
    client = client_for(alder)
    prove(client, path, alder)

    client.post(f"{path}details/", {"name": "Sam New"})

    with in_network(alder):
        assert (Posting.objects.count(), Member.objects.get(email=ADDRESS).job_title) == (0, "")
    assert not account_of_email(ADDRESS).has_usable_password()


@pytest.mark.parametrize(
    ("details", "error"),
    [
        ({"name": ""}, "Your name"),
        ({"name": "Sam", "password": "short"}, "too short"),
        ({"name": "Sam", "school_name": "Oak Trust"}, "Write your job title at this school."),
        ({"name": "Sam\x00"}, "Null characters are not allowed"),
        ({"name": "S" * 121}, "Shorten this to 120 characters"),
    ],
)
def test_join_says_what_is_wrong_with_the_details(alder, path, client_for, details, error):
    client = client_for(alder)
    prove(client, path, alder)

    response = client.post(f"{path}details/", details)

    assert response.status_code == 422
    assert error in response.content.decode()
    assert "<title>Error: " in response.content.decode()


def test_details_need_the_code(alder, path, client_for):
    response = client_for(alder).post(f"{path}details/", {"name": "Eve"})

    assert (response.status_code, response.url) == (302, path)
    with in_network(alder):
        assert not Member.objects.filter(email=ADDRESS).exists()


def test_the_code_is_proof_for_its_own_invitation_alone(alder, owner, path, client_for):
    with in_network(alder):
        other = path_of(services.invite_member(email="other@school.example", by=owner))
    client = client_for(alder)
    prove(client, path, alder)

    response = client.post(f"{other}details/", {"name": "Eve"})

    assert (response.status_code, response.url) == (302, other)


def test_wrong_codes_use_the_code_up(alder, path, client_for):
    client = client_for(alder)
    client.post(path)
    right = newest_code(alder)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"

    answers = [client.post(f"{path}code/", {"code": wrong}).content.decode() for _ in range(6)]
    last = client.post(f"{path}code/", {"code": right})

    assert ["not the code" in answer for answer in answers] == [True] * 5 + [False]
    assert "tried too often" in last.content.decode()


def test_a_code_runs_out(alder, path, client_for):
    client = client_for(alder)
    client.post(path)
    with in_network(alder):
        Invitation.objects.update(code_sent_at=timezone.now() - timedelta(minutes=16))

    response = client.post(f"{path}code/", {"code": newest_code(alder)})

    assert "That code has run out. Email me a new one." in response.content.decode()


def test_codes_are_not_sent_without_end(alder, path, client_for):
    client = client_for(alder)

    statuses = [client.post(path).status_code for _ in range(2)]
    with in_network(alder):
        Invitation.objects.update(codes_sent=10, code_sent_at=timezone.now() - timedelta(hours=1))
    statuses.append(client.post(path).status_code)

    with in_network(alder):
        assert Message.objects.filter(kind="members.join_code").count() == 1
    assert statuses == [302, 429, 429]


def test_the_operator_who_has_the_owners_link_cannot_become_the_owner(alder, client_for):
    with in_network(alder):
        path = path_of(services.invite_owner(alder)["invitation"])
    operator = client_for(alder)
    operator.post(path)

    operator.post(f"{path}code/", {"code": "000000"})
    response = operator.post(f"{path}details/", {"name": "Operator"})

    assert response.url == path
    with in_network(alder):
        assert not Member.objects.exists()


def test_a_member_signed_in_with_another_address_cannot_use_the_link(alder, owner, path):
    response = client_of(owner, alder).post(f"{path}details/", {"name": "Helen"})

    assert response.url == path


def test_a_used_link_leads_its_member_home_and_tells_others_nothing(alder, path, client_for):
    client = client_for(alder)
    prove(client, path, alder)
    client.post(f"{path}details/", {"name": "Sam New"})

    mine, others, unknown = client.get(path), client_for(alder).get(path), client_for(alder).get("/join/nothing/")

    assert (mine.status_code, mine.url) == (302, "/")
    assert (others.status_code, others.content) == (unknown.status_code, unknown.content)
    assert unknown.status_code == 404


def test_an_invitation_is_accepted_once(alder, path, client_for):
    first, second = client_for(alder), client_for(alder)
    prove(first, path, alder)
    with in_network(alder):
        Invitation.objects.update(code_sent_at=timezone.now() - timedelta(minutes=1))
    prove(second, path, alder)

    first.post(f"{path}details/", {"name": "Sam New"})
    response = second.post(f"{path}details/", {"name": "Sam Again"})

    with in_network(alder):
        assert list(Member.objects.filter(email=ADDRESS).values_list("name", flat=True)) == ["Sam New"]
    assert response.status_code == 404


@pytest.mark.parametrize("page", ["", "code/", "details/"])
def test_an_old_link_says_to_ask_for_a_new_one(alder, path, client_for, page):
    with in_network(alder):
        Invitation.objects.filter(email=ADDRESS).update(expires_at=timezone.now())

    response = client_for(alder).get(path + page)

    assert response.status_code == 410
    assert "Ask the person who invited you for a new one" in response.content.decode()


def test_a_revoked_link_is_as_unknown_as_any(alder, owner, path, client_for):
    with in_network(alder):
        services.revoke_invitation(Invitation.objects.get(email=ADDRESS), by=owner)

    response, unknown = client_for(alder).get(path), client_for(alder).get("/join/nothing/")

    assert (response.status_code, response.content) == (404, unknown.content)


def test_a_link_is_worth_nothing_on_another_network(alder, birch, path, client_for):
    assert client_for(alder).get(path).status_code == 200

    assert client_for(birch).get(path).status_code == 404


def test_a_removed_member_comes_back_by_an_invitation_with_their_history(alder, owner, client_for):
    member = make_member(alder, name="Sam New", email=ADDRESS, role=Role.MODERATOR, school="Oak Primary")
    with in_network(alder):
        services.remove_member(member, by=owner)
        path = path_of(services.invite_member(email=ADDRESS, by=owner))
    client = client_for(alder)
    prove(client, path, alder)

    client.post(f"{path}details/", {"name": "Sam New"})

    with in_network(alder):
        again = Member.objects.get(email=ADDRESS)
        assert (again.id, again.state, again.role, again.left_at) == (member.id, "active", "member", None)
        assert again.postings.count() == 1


def test_invite_member_refuses_members_and_the_invited(alder, owner, path):
    with in_network(alder):
        with pytest.raises(services.AlreadyInvitedError):
            services.invite_member(email=ADDRESS.upper(), by=owner)
        with pytest.raises(services.AlreadyMemberError):
            services.invite_member(email=owner.email, by=owner)


@pytest.mark.django_db(transaction=True)
def test_invite_member_twice_at_once_sends_one_invitation(alder, owner):
    results = at_once(*[within(alder, services.invite_member, email=ADDRESS, by=owner)] * 2)

    with in_network(alder):
        assert Message.objects.filter(to_address=ADDRESS).count() == 1
    assert [isinstance(each, services.AlreadyInvitedError) for each in results].count(True) == 1


def test_invite_member_replaces_an_invitation_that_has_run_out(alder, owner, path):
    with in_network(alder):
        Invitation.objects.filter(email=ADDRESS).update(expires_at=timezone.now())

        services.invite_member(email=ADDRESS, by=owner)

        states = [each.revoked_at is not None for each in Invitation.objects.filter(email=ADDRESS).order_by("id")]
    assert states == [True, False]


def test_resend_invitation_makes_the_first_link_worthless(alder, owner, path, client_for):
    with in_network(alder):
        fresh = path_of(services.resend_invitation(Invitation.objects.get(email=ADDRESS), by=owner))

    assert client_for(alder).get(path).status_code == 404
    assert client_for(alder).get(fresh).status_code == 200


@pytest.mark.parametrize(
    ("role", "invited", "allowed"),
    [
        (Role.OWNER, Role.OWNER, True),
        (Role.OWNER, Role.MEMBER, True),
        (Role.ORGANISER, Role.OWNER, False),
        (Role.ORGANISER, Role.ORGANISER, True),
        (Role.MODERATOR, Role.MEMBER, False),
        (Role.MEMBER, Role.MEMBER, False),
    ],
)
def test_invite_member_is_for_organisers_and_owners_are_made_by_owners(in_alder, role, invited, allowed):
    by = make_member(in_alder, role=role)

    problems = services.invite_members(emails=[ADDRESS], role=invited, by=by)

    assert (ADDRESS not in problems, selectors.open_invitations()[0].email == ADDRESS) == (allowed, allowed)


def test_onboarding_again_gives_a_fresh_link_until_the_owner_has_come(alder, client_for):
    first = lifecycle.advance(alder).facts["invitation"]
    second = lifecycle.advance(alder).facts["invitation"]

    assert client_for(alder).get(path_of(first)).status_code == 404
    assert client_for(alder).get(path_of(second)).status_code == 200
    client = client_for(alder)
    prove(client, path_of(second), alder)
    client.post(f"{path_of(second)}details/", {"name": "Helen Marsh"})
    with in_network(alder):
        assert Member.objects.get().role == Role.OWNER
    assert "invitation" not in lifecycle.advance(alder).facts


def test_the_owners_invitation_is_emailed(alder):
    lifecycle.advance(alder)

    with in_network(alder):
        message = Message.objects.filter(kind="invitation").latest("id")

    assert (message.to_address, message.subject) == (alder.owner_email, f"Take over {alder.name}")
