"""Everything the product can send by email, sent by what causes it in life, and which code can send anything."""

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from unittest.mock import patch

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.utils import timezone

from collective.portal import services as portal
from collective.publications import services as publications
from collective.publications.enums import Decision
from collective.publications.models import Publication
from shared_apps.accounts import messages
from shared_apps.accounts.adapters import AccountAdapter
from shared_apps.accounts.models import User
from shared_apps.accounts.services import remove_second_step, review_accounts
from shared_apps.audit.services import Actor
from shared_apps.billing import services as billing
from shared_apps.closing import services as closings
from shared_apps.domains import services as domains
from shared_apps.domains.enums import Finding
from shared_apps.grants import services as grants
from shared_apps.jobs.worker import Worker
from shared_apps.mail import rendering
from shared_apps.requests import services as requests
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Category, Discussion, Mention, Reply
from tenant_apps.members import services as members
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Invitation, Member
from tenant_apps.moderation import services as moderation
from tenant_apps.moderation.models import Report
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.enums import Level
from tenant_apps.sharing import services as sharing
from tenants.context import in_collective, in_network
from tenants.enums import NetworkState
from tenants.lifecycle import set_state
from tenants.models import Network
from tenants.services import request_network
from tests.builders import accounts
from tests.builders.closing import announce, left_behind
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.domains import use
from tests.builders.emails import raw_email, send_in
from tests.builders.grants import ask
from tests.builders.members import make_member
from tests.builders.publications import reply
from tests.builders.requests import make_request

# What is called to have an email sent.
QUEUES = {"queue_message", "queue_notice", "queue_copies", "notify", "notify_members"}
APPS = ("shared_apps", "tenant_apps", "collective", "tenants")
TEMPLATES = Path(settings.BASE_DIR) / "templates" / "mail"


# What can send ------------------------------------------------------------------------------------------------------


@cache
def senders() -> frozenset[tuple[str, str]]:
    """Return every function of the product that has an email sent, as its file and name.

    A private one speaks for those of its module that call it, so each of them is here too.
    """
    root = Path(settings.BASE_DIR)
    files = (file for app in APPS for file in (root / app).rglob("*.py"))
    return frozenset((str(file), name) for file in files for name in _senders_in(ast.parse(file.read_text())))


def templates() -> set[str]:
    """Return the names of the templates that are emails, not parts of them."""
    names = {file.stem for file in TEMPLATES.iterdir()}
    return {name for name in names if not name.startswith("_")} - {"base"}


@contextmanager
def watching() -> Iterator[set]:
    """Gather which functions an email was rendered under, and the names of the templates that were."""
    seen: set = set()
    render = rendering.render

    def seeing(template: str, values: dict) -> tuple[str, str]:
        frame = sys._getframe()
        while frame := frame.f_back:
            seen.add((frame.f_code.co_filename, frame.f_code.co_name))
        seen.add(template)
        return render(template, values)

    with (
        patch("shared_apps.mail.services.queueing.render", seeing),
        patch("shared_apps.mail.services.digests.render", seeing),
    ):
        yield seen


def _senders_in(module: ast.Module) -> set[str]:
    functions = [each for each in ast.walk(module) if isinstance(each, ast.FunctionDef)]
    calls = {each.name: {_called(call) for call in ast.walk(each) if isinstance(call, ast.Call)} for each in functions}
    found: set[str] = set()
    wanted = set(QUEUES)
    while new := {name for name, called in calls.items() if called & wanted} - found:
        found |= new
        wanted |= {name for name in new if name.startswith("_")}
    return found


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


# Sending it ---------------------------------------------------------------------------------------------------------


def send_everything(alder: Network, birch: Network) -> Member:
    """Have a network send every email there is, most of them to the member who is returned."""
    people = {
        "priya": make_member(alder, name="Priya Raman", school="Cheltenham Bridge Primary School"),
        "tom": make_member(alder, name="Tom Whitlock"),
        "owner": make_member(alder, name="Helen Marsh", role=Role.OWNER),
        "rob": make_member(alder, name="Rob Casey", role=Role.MODERATOR),
    }
    martin = make_member(birch, name="Martin Bayliss")
    _sign_in(alder, people["priya"])
    with in_network(alder):
        _invite(alder, people)
        _discuss(alder, people)
    _ask_without_a_name(alder, people)
    _name_somebody_later(alder, people)
    _moderate(alder, people)
    _share(alder, birch, people, martin)
    _send_in(alder, people["priya"])
    _look_in(alder, people["owner"])
    _ask_for_a_network()
    _belong_nowhere()
    _outlive_a_network(birch, people["priya"], martin)
    _have_a_domain(alder)
    _close(alder, people["owner"])
    billing.review_all(now=timezone.now() + timedelta(days=125))  # the trial is over
    Worker().drain()
    notifications.plan_digests(timezone.now() + timedelta(days=1))
    Worker().drain()
    return people["priya"]


def _invite(alder: Network, people: dict[str, Member]) -> None:
    owner = people["owner"]
    members.invite_member(email="new@school.example", by=owner)
    members.resend_invitation(Invitation.objects.get(email="new@school.example"), by=owner)
    members.send_code(Invitation.objects.get(email="new@school.example", revoked_at=None))
    Member.objects.filter(id=owner.id).update(role=Role.MODERATOR)  # nobody owns the network yet
    members.invite_owner(alder)
    Member.objects.filter(id=owner.id).update(role=Role.OWNER)


def _look_in(alder: Network, owner: Member) -> None:
    operator = accounts.make_account(email="olive@platform.example", name="Olive Operator", operator=True)
    by, now = owner.actor, timezone.now()
    first = ask(alder, operator)
    Worker().drain()
    grants.allow(first, now=now, by=by)
    Worker().drain()
    grants.end(first, now=now, by=by)
    second = ask(alder, operator)
    grants.refuse(second, now=now, by=by)
    Worker().drain()


def _have_a_domain(alder: Network) -> None:
    """It is used, its records go and come back, go and stay away; and at last it is removed for its owners."""
    now, network = timezone.now(), Network.objects.get(pk=alder.pk)
    domain = use(network)
    for days, finding in ((1, "elsewhere"), (2, ""), (3, "no_proof"), (11, "no_proof")):
        domains.settle(domain, Finding(finding), now=now + timedelta(days=days))
    domains.remove(domain, by=Actor.system())
    Worker().drain()


def _ask_for_a_network() -> None:
    """Asked for by a link, which operators hear of, and declined; never answered; an operator is there from before."""
    asked, now = make_request(), timezone.now()
    requests.decline(asked, answer="Join Alder, which is near you.", now=now, by=Actor.system())
    make_request()
    requests.remind(now=now + timedelta(days=6))
    requests.give_up(now + timedelta(days=31))
    Worker().drain()


def _close(alder: Network, owner: Member) -> None:
    """Every day of a closing, which is taken back on the last; and the certificate of another network."""
    closing = announce(alder, owner)
    for left in (30, 7, 1):
        Worker().drain()
        closings.advance_all(closing.deletes_at - timedelta(days=left) + timedelta(minutes=1))
    Worker().drain()
    closings.call_off(alder, now=closing.deletes_at, by=owner.actor)
    Worker().drain()
    gone = request_network(name="Rowan", subdomain="rowan", owner_email="owner@rowan.example")
    set_state(gone, NetworkState.LIVE)
    by, now = Actor.system("command"), timezone.now()
    with patch("shared_apps.closing.services.planning.record"):  # it has no tables
        closed = closings.close_now(gone, reason="It is over.", keeps_publications=False, now=now, by=by)
    closed.found, closed.owner_ids = {"tables": 0}, [owner.account_id]
    closed.save()
    closings.delete(closed, now=now + timedelta(minutes=1))


def _sign_in(alder: Network, priya: Member) -> None:
    Client(headers={"host": accounts.host_of(alder)}).post("/sign-in/code/", {"email": priya.email})
    with in_network(alder):
        for kind in messages.KINDS:
            AccountAdapter().send_mail(f"account/email/{kind}", priya.email, {"code": "493028", "provider": "Google"})
        account = User.objects.get(pk=priya.account_id)
        Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
        remove_second_step(account, by=Actor.system())


def _belong_nowhere() -> None:
    account, now = accounts.make_account(email="nobody@school.example"), timezone.now()
    User.objects.filter(pk=account.pk).update(alone_since=now - timedelta(days=340))
    review_accounts(now, by=Actor.system())


def _discuss(alder: Network, people: dict[str, Member]) -> None:
    priya, tom = people["priya"], people["tom"]
    notifications.set_level(priya, kind="network", object_id=alder.id, level=Level.EVERYTHING)
    discussion = make_discussion(tom, title="Who cuts your grass?", body="Ours has retired after twenty years.\n\nWho?")
    discussions.follow(discussion, member=priya)
    hers = discussions.post_reply(discussion, body="We do.", by=priya)
    discussions.mark_reply(discussion, hers.id, is_answer=True, by=tom)
    his = discussions.post_reply(discussion, body="So do we, @Priya.", by=tom)
    Mention.objects.get_or_create(discussion=discussion, reply=his, member=priya)
    discussions.post_reply(discussion, body="Thank you both. We pay £42 a fortnight, from April to October.", by=tom)


def _ask_without_a_name(alder: Network, people: dict[str, Member]) -> None:
    with in_network(alder):
        staff = discussions.save_category(
            name="Staff",
            category=Category.objects.get(name="Staff"),
            facts=discussions.CategoryFacts(allows_anonymous=True),
            by=people["owner"],
        )
        asked = discussions.start_discussion(
            title="A grievance", body="About my head.", category=staff, is_anonymous=True, by=people["priya"]
        )
    Worker().drain()
    with in_network(alder):
        discussions.refuse_question(asked, reason="It names a pupil.", by=people["rob"])


def _name_somebody_later(alder: Network, people: dict[str, Member]) -> None:
    with in_network(alder):
        reply = Reply.objects.get(body__startswith="Thank you both")
        discussions.edit_reply(reply, body=f"{reply.body} What do you pay, @Helen Marsh?", by=people["tom"])


def _moderate(alder: Network, people: dict[str, Member]) -> None:
    """What Priya wrote is hidden, and Tom is suspended; each reported the other, and each appeals."""
    tom, priya, owner, rob = (people[who] for who in ("tom", "priya", "owner", "rob"))
    for author, reporter, decision in ((tom, priya, "suspended"), (priya, tom, "hidden")):
        with in_network(alder):
            said = make_discussion(author, title="Is Ron a crook?")
            case = moderation.report("discussion", said.id, reason="rude", words="Unfair.", by=reporter).case
        Worker().drain()
        with in_network(alder):
            act = moderation.decide(case, kind=decision, reason="An insult.", by=rob)
            appeal = moderation.appeal(act, words="It is true.", by=author)
            moderation.decide_appeal(appeal, is_granted=True, reason="It is.", by=owner)


def _share(alder: Network, birch: Network, people: dict[str, Member], martin: Member) -> None:
    """Priya's question is answered from birch; she answers one of theirs, which is withdrawn, and reports another."""
    priya = people["priya"]
    with in_network(alder):
        asked = make_discussion(priya, title="Who does your PAT testing?")
        share(asked, priya)
        away_reply(asked, martin, birch)
    with in_network(birch):
        theirs, crooked = make_discussion(martin, title="Who mows?"), make_discussion(martin, title="A crook?")
        share(theirs, martin)
        share(crooked, martin)
        away_reply(theirs, priya, alder)
        sharing.withdraw_item("discussion", theirs.id, by=martin)
    Worker().drain()
    _report_elsewhere(birch, priya, crooked)


def _report_elsewhere(birch: Network, priya: Member, crooked: Discussion) -> None:
    decider = make_member(birch, name="Bob Moderator", role=Role.OWNER)
    account = accounts.User.objects.with_networks().get(pk=priya.account_id)
    with in_network(birch):
        crooked.refresh_from_db()
    path = f"/publications/{crooked.publication_id}/report/"
    accounts.client_of(account, "collective").post(path, {"reason": "rude", "words": "Unfair."})
    Worker().drain()
    with in_network(birch):
        moderation.decide(Report.objects.get().case, kind="left", reason="It is fair.", by=decider)
    Worker().drain()


def _outlive_a_network(birch: Network, priya: Member, martin: Member) -> None:
    """Priya's answer for a network that has closed since goes home, and what she shared there is taken down."""
    with in_network(birch):
        theirs = share(make_discussion(martin, title="Who paints?"), martin)
    with in_collective():
        left = left_behind(priya.account_id)
        who = {"account_id": martin.account_id, "network_id": birch.id}
        report = publications.report_publication(left, reason="rude", **who)
        reply(Publication.objects.get(id=theirs.publication_id), left.origin, account_id=priya.account_id)
    with in_network(birch):
        sharing.withdraw_item("discussion", theirs.id, by=martin)
    Worker().drain()
    with in_collective():
        portal.decide_report(report, decision=Decision.HIDDEN, by=Actor.system())
    Worker().drain()


def _send_in(alder: Network, priya: Member) -> None:
    """Emails of hers that cannot be posted, or not with all their files."""
    to = f"staff@{accounts.host_of(alder)}"
    files = (("run.exe", b"MZ\x90\x00" * 50),)
    send_in(raw_email(sender=priya.email, to=to, subject="Supply cover", files=files), to=to)
    send_in(raw_email(sender=priya.email, to=to, subject="Empty", text=" \n"), to=to)
