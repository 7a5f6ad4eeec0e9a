"""Accounts that belong to no network: who is told, who is anonymised, who stays, and that nothing is left."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from collective.publications.models import KeptPublication, Origin, PublicationReply
from shared_apps.accounts import services
from shared_apps.accounts.models import HandOff, NetworkAccess, Session, User
from shared_apps.accounts.selectors import account_of_email, people_of
from shared_apps.accounts.services import anonymising
from shared_apps.api.models import ApiToken
from shared_apps.audit.models import PlatformEvent
from shared_apps.audit.services import Actor
from shared_apps.mail.models import PlatformMessage
from shared_apps.mail.services import save_recipient, take_bounce
from tenant_apps.members import services as members
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenants.context import in_collective, in_network
from tenants.enums import NetworkState
from tenants.lifecycle import set_state
from tests.builders.accounts import client_of, make_account, token_client
from tests.builders.authenticators import give_app
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import make_member
from tests.builders.requests import make_request

EMAIL, NAME = "priya.raman@oakfield.example", "Priya Raman-Holt"
BY = Actor.system()
YEAR, NOTICE = timedelta(days=365), timedelta(days=30)


def review(**after: int) -> services.Review:
    return services.review_accounts(timezone.now() + timedelta(**after), by=BY)


def over(account: User) -> None:
    """Let it have been alone for a year, and told a month ago."""
    long_ago = timezone.now() - YEAR - timedelta(days=1)
    User.objects.filter(pk=account.pk).update(
        alone_since=long_ago, end_told_at=timezone.now() - NOTICE, last_login=long_ago
    )


def places_of(*texts: str) -> set[str]:
    """Return the tables of the platform in which one of these texts stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [table for (table,) in cursor.fetchall()]
        found = set()
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text ILIKE ANY(%s))', [list(texts)])
            found |= {table} if cursor.fetchone()[0] else set()
    return found


@pytest.fixture
def left(alder) -> User:
    """Somebody of whom everything is known, and who was removed from their only network."""
    owner = make_member(alder, name="Olu Owner", role=Role.OWNER)
    member = make_member(alder, name=NAME, email=EMAIL, password="three words apart")
    account = User.objects.get(email=EMAIL)
    give_app(account)
    SocialAccount.objects.create(user=account, provider="google", uid="1", extra_data={"email": EMAIL})
    services.describe_access(
        account_id=account.pk, network=alder, job="Bursar", school="Oakfield Juniors", phase="Primary"
    )
    token_client(account, alder)
    client_of(account, "platform")
    save_recipient(account.pk, digest_hour=6)
    take_bounce(EMAIL, is_hard=False)
    services.tell(EMAIL, "login_code", code="493028")
    with in_network(alder):
        members.remove_member(member, by=owner)
    return account


def test_who_belongs_nowhere_is_told_after_eleven_months_and_nobody_after_twelve(left, alder):
    known = places_of(f"%{EMAIL}%", f"%{NAME}%", "%Oakfield Juniors%")

    reviews = [review(), review(days=334), review(days=336), review(days=364), review(days=367)]

    assert [(each.found, each.told, each.anonymised) for each in reviews] == [
        *((1, 0, 0), (0, 0, 0), (0, 1, 0), (0, 0, 0), (0, 0, 1)),
    ]
    assert {"accounts_user", "accounts_networkaccess", "socialaccount_socialaccount", "mail_address"} <= known
    assert places_of(f"%{EMAIL}%", f"%{NAME}%", "%Oakfield Juniors%") == set()
    nobody = User.objects.get(pk=left.pk)
    assert (nobody.is_active, nobody.has_usable_password(), nobody.has_second_step) == (False, False, False)
    for model in (SocialAccount, EmailAddress):
        assert not model.objects.filter(user=left).exists()
    for model in (Session, ApiToken, HandOff):
        assert not model.objects.filter(account_id=left.pk).exists()
    event = PlatformEvent.objects.get(name="accounts.account.anonymised")
    assert (event.actor_id, event.target_id) == (None, left.pk)
    assert list(people_of(alder, [left.pk])) == []


def test_the_notice_says_when_and_how_to_keep_the_account(left):
    User.objects.update(alone_since=timezone.now() - timedelta(days=340))

    review()

    mail = PlatformMessage.objects.get(kind="accounts.account_ends")
    day = timezone.localtime(timezone.now() + timedelta(days=30))
    assert mail.to_address == EMAIL
    assert f"After {day.day} {day:%B %Y} we delete" in mail.text
    assert "http://localhost:8000/sign-in/" in mail.text


def test_those_stay_who_belong_somewhere_run_the_platform_wait_or_have_something_left(alder, birch, monkeypatch):
    """Also somebody who belongs to a suspended network; and no more than one account is asked about at once."""
    monkeypatch.setattr(anonymising, "_BATCH", 1)
    set_state(birch, NetworkState.SUSPENDED)
    stay = {
        "member": make_account(alder, email="member@a.example"),
        "suspended": make_account(birch, email="suspended@a.example"),
        "operator": make_account(email="operator@a.example", operator=True),
        "asks": make_account(email="rhoda@rowan.example"),
        "shared": make_account(email="shared@a.example"),
        "answered": make_account(email="answered@a.example"),
    }
    make_request()
    leaves_something(alder, birch, stay)
    goes = make_account(email="goes@a.example")
    for account in (*stay.values(), goes):
        over(account)

    assert review().anonymised == 1

    found = User.objects.filter(anonymised_at__isnull=False)
    assert list(found.values_list("pk", flat=True)) == [goes.pk]
    assert not User.objects.filter(pk=stay["member"].pk, alone_since__isnull=False).exists()


def leaves_something(alder, birch, people) -> None:
    """Two people shared, and answered, from networks that have closed."""
    priya = make_member(alder)
    with in_network(alder):
        discussion = make_discussion(priya, title="Who mows?")
        share(discussion, by=priya)
    away_reply(discussion, make_member(birch), birch)
    with in_collective():
        reply = PublicationReply.objects.get()
        PublicationReply.objects.update(account_id=people["answered"].pk)
        Origin.objects.filter(id=birch.id).update(closed_at=timezone.now())
        KeptPublication.objects.create(publication_id=reply.publication_id, account_id=people["shared"].pk)


@pytest.mark.parametrize("heard", ["signed in", "invited", "joined"])
def test_whoever_is_heard_of_has_another_year(alder, heard):
    account = make_account(email=EMAIL)
    over(account)
    with in_network(alder):
        owner = make_member(alder, name="Olu Owner", role=Role.OWNER)
        if heard == "invited":
            members.invite_member(email=EMAIL.upper(), by=owner)
    if heard == "signed in":
        User.objects.filter(pk=account.pk).update(last_login=timezone.now())
    if heard == "joined":
        services.grant_access(account_id=account.pk, network=alder, display_name="Priya")

    assert review().anonymised == 0

    account.refresh_from_db()
    assert account.end_told_at is None
    assert (account.alone_since is None) == (heard == "joined")


def test_whoever_comes_back_after_that_is_somebody_new(left, alder):
    over(left)
    review()

    again = services.get_or_create_account(EMAIL, NAME, verified=True)

    assert again.pk != left.pk
    assert account_of_email(EMAIL) == again
    with pytest.raises(services.NoAccessError):
        services.grant_access(account_id=left.pk, network=alder, display_name=NAME)
    with pytest.raises(services.EmailError):
        services.get_or_create_account(User.objects.get(pk=left.pk).email)
    with in_network(alder), pytest.raises(members.NotAllowedError, match="Invite them instead"):
        members.reinstate_member(Member.objects.get(email=EMAIL), by=Member.objects.get(role=Role.OWNER))
    travelled = {"account_id": str(left.pk), "email": EMAIL, "name": NAME, "access": None}
    assert services.take_in_people(alder, [travelled]) == {left.pk: again.pk}
    assert not NetworkAccess.objects.filter(account=left, state="active").exists()


def test_the_database_keeps_nobody_a_nobody(left):
    over(left)
    review()

    for change in ({"name": NAME}, {"email": EMAIL}, {"is_active": True}):
        with pytest.raises(IntegrityError, match="account_anonymised_is_nobody"), transaction.atomic():
            User.objects.filter(pk=left.pk).update(**change)


def test_a_dry_run_counts_and_changes_nothing(left, capsys):
    over(left)

    call_command("anonymise_accounts", "--dry-run")
    counted = capsys.readouterr().out
    unchanged = User.objects.filter(email=EMAIL).exists()
    call_command("anonymise_accounts")

    assert "1 would be anonymised." in counted
    assert "1 anonymised." in capsys.readouterr().out
    assert (unchanged, User.objects.filter(email=EMAIL).exists()) == (True, False)
