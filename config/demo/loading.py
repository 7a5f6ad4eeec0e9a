"""Puts the demonstration into an empty installation, through the services that people's acts go through.

Each part finds its own work done: the register by its rows, a network by its members, a discussion or supplier by its
title. What happened in the past is dated afterwards, because services take the time from the clock.
"""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from collective.portal.services import make_replier
from collective.publications import selectors as publications
from collective.publications import services as publishing
from collective.publications.drafts import Replier
from collective.publications.enums import Identity
from collective.publications.models import PublicationReply
from config import demo
from config.demo import Row, posting
from config.demo.around import Around
from config.demo.cast import Cast
from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import User
from shared_apps.accounts.selectors import account_of_email
from shared_apps.audit.services import Actor
from shared_apps.operator.services import onboard_network
from shared_apps.requests import services as requests
from shared_apps.requests.models import NetworkRequest
from shared_apps.schools import services as schools
from shared_apps.schools.models import School
from shared_apps.schools.selectors import latest_import
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Category, Discussion, ReadMark, Reply
from tenant_apps.members import services as members
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Invitation, Member
from tenant_apps.members.selectors import is_branded
from tenant_apps.notifications import services as notifications
from tenant_apps.sharing import services as sharing
from tenant_apps.sharing.models import LedgerEntry, ReceivedReply, SharedItem
from tenant_apps.suppliers import services as suppliers
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier, SupplierCategory
from tenants.context import in_collective, in_network
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.selectors import get_network

PASSWORD = "collective-demo"  # noqa: S105 - the demonstration's, printed for everybody
OPERATOR = "operator@example.org"
BY = Actor.system("command", label="demo")

_ENDED = (NetworkState.SUSPENDED, NetworkState.CLOSED, NetworkState.DELETED)
_SUPPLIER_CATEGORIES = {"Buildings": "Premises", "Finance": "Payroll and HR", "Staff": "Supply staff"}


def load(today: date) -> None:
    """Load the whole demonstration as it would look on the morning of `today`.

    Once somebody has suspended, closed or deleted one of its networks, all is left as it is.
    """
    if latest_import() is None:
        schools.import_register(path=demo.SCHOOLS, links_path=demo.SCHOOL_LINKS, by=BY)
    _set_password(accounts.ensure_operator(OPERATOR, "Olive Operator", by=BY))
    named = [row["subdomain"] for row in demo.networks()]
    if Network.objects.filter(subdomain__in=named, state__in=_ENDED).exists():
        return
    networks = {row["subdomain"]: _network(row, today) for row in demo.networks()}
    for network in networks.values():
        with in_network(network):
            _categories(network)
    loader = Loader(networks, today)
    loader.load()
    Around(loader).load()
    _requests(today)


def _network(row: Row, today: date) -> Network:
    owner = next(person for person in row["members"] if person["role"] == Role.OWNER)
    onboard_network(
        name=row["name"], subdomain=row["subdomain"], owner_email=owner["email"], region=row["region"], by=BY
    )
    network = get_network(row["subdomain"])
    with in_network(network):
        for person in row["members"]:
            _member(network, person, today)
        _branding(row)
        Invitation.objects.filter(email=owner["email"], accepted_at=None).delete()
        _policy(row)
    return network


def _requests(today: date) -> None:
    """Some wait for the operator, who hears of each."""
    if NetworkRequest.objects.exists():
        return
    for row in demo.requests():
        at = demo.moment(today, days_ago=row.pop("days_ago"))
        requests.confirm(requests.ask(requests.Wanted(**row), now=at), now=at + timedelta(minutes=9), by=BY)


def _set_password(account: User) -> User:
    """Give everybody the same hash: making one is slow on purpose, and this password is no secret."""
    if not account.has_usable_password():
        account.password = _hash()
        account.save(update_fields=["password"])
    return account


@cache
def _hash() -> str:
    return make_password(PASSWORD)


@transaction.atomic
def _member(network: Network, person: Row, today: date) -> None:
    """Make what accepting an invitation makes, without the emails."""
    if Member.objects.filter(email=person["email"]).exists():
        return
    account = account_of_email(person["email"]) or accounts.get_or_create_account(
        person["email"], person["name"], verified=True
    )
    accounts.grant_access(account_id=_set_password(account).id, network=network, display_name=person["name"])
    member = Member.objects.create(account_id=account.id, **_profile(person, today))
    members.note_role(member)
    members.add_posting(
        member,
        school=members.SchoolFacts.of(School.objects.get(urn=int(person["urn"]))),
        job_title=person["job_title"],
        active_from=person["since"],
        by=member,
    )


def _profile(person: Row, today: date) -> Row:
    return {
        "name": person["name"],
        "email": person["email"],
        "role": person["role"],
        "phone": person.get("phone", ""),
        "about": person.get("about", ""),
        "ask_me_about": ", ".join(person.get("ask_me_about", [])),
        "joined_at": demo.moment(today, days_ago=person["joined_days_ago"]),
    }


def _branding(row: Row) -> None:
    if not is_branded():
        owner = Member.objects.get(role=Role.OWNER)
        members.update_branding(colour=row["colour"], tagline=row["tagline"], welcome="", by=owner)


def _policy(row: Row) -> None:
    organiser = Member.objects.get(role=Role.OWNER)
    if not sharing.ensure_policy().kept_categories:
        sharing.update_policy(
            approval_required=False, kept_categories=row["stays_here"], blocked_networks=[], by=organiser
        )


def _categories(network: Network) -> None:
    """What organisers said of their categories, before anybody wrote in them."""
    if Discussion.objects.exists():
        return
    owner = Member.objects.get(role=Role.OWNER)
    for row in demo.surroundings("categories"):
        if row["network"] == network.subdomain:
            facts = discussions.CategoryFacts(
                template=row.get("template"), allows_anonymous=row.get("allows_anonymous")
            )
            discussions.save_category(name=row["name"], category=_category(row["name"]), facts=facts, by=owner)


class Loader(Cast):
    """What people said, in the order they said it; `recent` is what members have to be told of it afterwards."""

    recent: list[posting.Said]

    def load(self) -> None:
        """Load discussions, then suppliers."""
        for row in demo.discussions():
            network = self.networks[row["network"]]
            with in_network(network):
                if not Discussion.objects.filter(title=row["title"]).exists():
                    self.recent = []
                    self.discussion(network, row)
                    posting.tell(row, self.recent, self)
        for row in demo.suppliers():
            for subdomain in row["networks"]:
                with in_network(self.networks[subdomain]):
                    if not Supplier.objects.filter(name=row["name"]).exists():
                        self.supplier(subdomain, row)

    # Discussions

    @transaction.atomic
    def discussion(self, network: Network, row: Row) -> None:
        """One discussion with all that came of it, in one transaction, so that a killed run leaves none half told."""
        author = self.person(row["network"], row["author"])
        discussion = discussions.start_discussion(
            title=row["title"],
            body=row["body"],
            kind=row["kind"],
            category=_category(row["category"]),
            attached=posting.files_of(row),
            tags=row.get("tags", ()),
            is_anonymous="anonymous" in row,
            by=author,
        )
        if row.get("anonymous") == "approved":
            discussions.approve_question(discussion, by=Member.objects.get(role=Role.OWNER))
        self.date(discussion, self.moment(row))
        for reply in row["replies"]:
            self.reply(discussion, row["network"], reply)
        if "share" in row:
            self.share(discussion, network, row["share"], author)
        posting.finish(discussion, row, self)
        if "share" in row:
            _newest_entries().update(at=self.moment(row["share"]))
        self.settle(discussion, row)
        self.recent.append(posting.Said(self.moment(row), discussion))
        _hush()

    def date(self, discussion: Discussion, at: datetime) -> None:
        """Let a discussion have begun in the past."""
        Discussion.objects.filter(id=discussion.id).update(created_at=at, last_activity_at=at)
        discussion.refresh_from_db()

    def reply(self, discussion: Discussion, subdomain: str, row: Row) -> None:
        """One reply of a member of the network."""
        author, at = self.person(subdomain, row["author"]), self.moment(row)
        body, attached = row.get("was", row["body"]), posting.files_of(row)
        made = discussions.post_reply(discussion, body=body, attached=attached, by=author)
        Reply.objects.filter(id=made.id).update(created_at=at)
        Discussion.objects.filter(id=discussion.id).update(last_activity_at=at)
        if row.get("answer"):
            discussions.mark_reply(discussion, made.id, is_answer=True, by=discussion.author)
        posting.finish_reply(discussion, made, row, self, subdomain)
        self.recent.append(posting.Said(at, discussion, made.id))

    def share(self, discussion: Discussion, network: Network, row: Row, author: Member) -> None:
        """Share it, let other networks answer, and withdraw it where its author did."""
        choice = sharing.Choice(identity=Identity(row["identity"]), redactions=row.get("redactions", []))
        if row.get("state") == "awaiting_approval":
            return self.ask_to_share(discussion, choice, author)
        item = sharing.share_item("discussion", discussion.id, choice, by=author)
        self.date_share(item, self.moment(row))
        for reply in row.get("replies", []):
            self.away_reply(discussion, item.publication_id, reply)
        discussions.count_away_replies(discussion)
        if row.get("state") == "withdrawn":
            sharing.withdraw_item("discussion", discussion.id, by=author)
            self.date_withdrawal(item, self.moment(row, "withdrawn_"))
        return None

    def ask_to_share(self, discussion: Discussion, choice: sharing.Choice, author: Member) -> None:
        """Share while organisers check first, then lift that rule again."""
        owner = Member.objects.get(role=Role.OWNER)
        policy = sharing.ensure_policy()
        rules: dict[str, Any] = {"kept_categories": policy.kept_categories, "blocked_networks": [], "by": owner}
        sharing.update_policy(approval_required=True, **rules)
        sharing.share_item("discussion", discussion.id, choice, by=author)
        sharing.update_policy(approval_required=False, **rules)

    def date_share(self, item: SharedItem, at: datetime) -> None:
        """Let a thing have been shared in the past."""
        SharedItem.objects.filter(id=item.id).update(requested_at=at, shared_at=at)
        LedgerEntry.objects.filter(item=item).update(at=at)

    def date_withdrawal(self, item: SharedItem, at: datetime) -> None:
        """Let it have been withdrawn in the past."""
        SharedItem.objects.filter(id=item.id).update(withdrawn_at=at)
        _newest_entries().filter(item=item).update(at=at)
        ReceivedReply.objects.filter(source_id=item.source_id).update(received_at=at)

    def away_reply(self, discussion: Discussion, publication_id: UUID, row: Row) -> None:
        """One reply of a member of another network."""
        replier = self.replier(row)
        with in_collective(joining_transaction=True):
            publication = publications.get_visible_publication(publication_id, network_id=replier.network_id)
            made = publishing.reply_to_publication(publication, body=row["body"], replier=replier)
            PublicationReply.objects.filter(id=made.id).update(created_at=self.moment(row))
        self.recent.append(posting.Said(self.moment(row), discussion, made.id, publication_id))
        if row.get("answer"):
            discussions.mark_reply(discussion, made.id, is_answer=True, by=discussion.author)

    def replier(self, row: Row) -> Replier:
        """Return how somebody of another network is shown, as the portal would."""
        account = account_of_email(self.keys[row["network"]][row["author"]])
        network = self.networks[row["network"]]
        acting = next(each for each in account.networks if each.id == network.id)
        return make_replier(account.id, acting, Identity(row["identity"]))

    def settle(self, discussion: Discussion, row: Row) -> None:
        """Write who follows, and who has read how far; everybody else has read all."""
        discussion.refresh_from_db()
        for key in row["followers"]:
            notifications.follow(self.person(row["network"], key), kind="discussion", object_id=discussion.id)
        unopened = {self.keys[row["network"]][key] for key in row["unopened"]}
        unread = {self.keys[row["network"]][key]: count for key, count in row["unread"].items()}
        ReadMark.objects.filter(discussion=discussion).delete()
        ReadMark.objects.bulk_create(
            ReadMark(
                discussion=discussion,
                member=member,
                seen_count=max(discussion.total_replies - unread.get(member.email, 0), 0),
            )
            for member in Member.objects.exclude(email__in=unopened)
        )

    # Suppliers

    @transaction.atomic
    def supplier(self, subdomain: str, row: Row) -> None:
        """One supplier of one network, with what its schools say of it."""
        supplier = suppliers.add_supplier(
            name=row["name"],
            website=row["website"],
            description=row["description"],
            categories=[_supplier_category(row["category"])],
            by=Member.objects.get(role=Role.OWNER),
        )
        for each in row["recommendations"]:
            if each["network"] == subdomain:
                self.recommendation(supplier, subdomain, each)
        for each in row["notes"]:
            if each["network"] == subdomain:
                self.note(supplier, subdomain, each)

    def recommendation(self, supplier: Supplier, subdomain: str, row: Row) -> None:
        """One recommendation, shared and withdrawn where its author did."""
        author, at = self.person(subdomain, row["author"]), self.moment(row)
        fields = ("response", "quality", "value", "would_use_again", "text")
        made = suppliers.recommend(supplier, **{name: row[name] for name in fields}, by=author)
        Recommendation.objects.filter(id=made.id).update(created_at=at)
        if "share" not in row:
            return
        choice = sharing.Choice(identity=Identity(row["share"]))
        item = sharing.share_item("recommendation", made.id, choice, by=author)
        self.date_share(item, at)
        if "withdrawn_days_ago" in row:
            sharing.withdraw_item("recommendation", made.id, by=author)
            self.date_withdrawal(item, self.moment(row, "withdrawn_"))

    def note(self, supplier: Supplier, subdomain: str, row: Row) -> None:
        """One private note."""
        at = self.moment(row)
        author = self.person(subdomain, row["author"])
        made = suppliers.add_note(supplier, happened_on=at.date(), text=row["text"], by=author)
        ServiceNote.objects.filter(id=made.id).update(created_at=at)


def _newest_entries() -> QuerySet[LedgerEntry]:
    """Return what was entered in the ledger while this thing was loaded."""
    return LedgerEntry.objects.filter(at__gt=timezone.now() - timedelta(hours=1))


def _hush() -> None:
    """Drop the emails that this transaction would send about what is long past."""
    DBTaskResult.objects.filter(
        status=TaskResultStatus.READY,
        enqueued_at__gte=timezone.now() - timedelta(minutes=1),
        task_path__regex=r"\.(tell_of_\w+|take_in_away_reply|tell_author_of_return)$",
    ).delete()


def _supplier_category(name: str) -> SupplierCategory:
    found, _ = SupplierCategory.objects.get_or_create(name=_SUPPLIER_CATEGORIES.get(name, name))
    return found


def _category(name: str) -> Category:
    return Category.objects.get(name=name)
