"""Members of a network, with their account and their access."""

from datetime import date, timedelta

from django.test import Client

from shared_apps.accounts import services as accounts
from shared_apps.accounts.selectors import account_of_email
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenant_apps.members.services import note_role
from tenant_apps.members.services.profiles import SchoolFacts, record_posting
from tenants.context import in_network
from tenants.ids import new_id
from tenants.models import Network
from tests.builders import accounts as accounts_builder

MOOR_END = SchoolFacts("Moor End Primary School", school_id=new_id(), phase="Primary", pupils=315)


def make_member(
    network: Network,
    *,
    name: str = "Priya Raman",
    role: str = Role.MEMBER,
    email: str = "",
    password: str = "",
    job_title: str = "School business manager",
    school: SchoolFacts | str | None = None,
    ask_me_about: str = "",
    days_here: int = 0,
) -> Member:
    """Return an active member of the network, who can enter it; works inside and outside its schema.

    Who is not here for a week may not do everything yet (moderation/limits.py).
    """
    email = email or f"{'.'.join(name.lower().split())}@{network.subdomain}.example"
    with in_network(network, joining_transaction=True):
        account = accounts.get_or_create_account(email, name, verified=True)
        if password:
            account.set_password(password)
            account.save(update_fields=["password"])
        accounts.grant_access(account_id=account.id, network=network, display_name=name)
        member = Member.objects.create(
            account_id=account.id, name=name, email=email, role=role, ask_me_about=ask_me_about
        )
        if role == Role.OWNER:
            note_role(member)
        if days_here:
            member.joined_at -= timedelta(days=days_here)
            member.save(update_fields=["joined_at"])
        if school is not None:
            _add_posting(member, SchoolFacts(school) if isinstance(school, str) else school, job_title)
    return member


def _add_posting(member: Member, school: SchoolFacts, job_title: str) -> None:
    record_posting(
        member,
        school=school,
        job_title=job_title,
        active_from=date(2024, 9, 1),
        is_primary=True,
        actor=member.actor,
    )


def client_of(member: Member, network: Network) -> Client:
    """Return a test client signed in as this member on the network's host."""
    account = account_of_email(member.email)
    assert account is not None
    return accounts_builder.client_of(account, network)


def program_of(member: Member, network: Network, *, on: Network | str | None = None) -> Client:
    """Return a client with a token that this member made in the network, on its host or on another's."""
    account = account_of_email(member.email)
    assert account is not None
    return accounts_builder.token_client(account, network, on=on)
