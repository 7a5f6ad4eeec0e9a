"""Two networks full of everything, made through the services, each text with a canary in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from collective.index.tasks import fold_statistics
from collective.portal import services as portal
from collective.publications import selectors as published
from collective.publications import services as publications
from collective.publications.enums import Identity
from collective.publications.models import KeptPublication, Publication, PublicationReply
from shared_apps.accounts import selectors as accounts
from shared_apps.accounts import services as account_services
from shared_apps.accounts.enums import Strength
from shared_apps.accounts.models import User
from shared_apps.audit.services import Actor
from shared_apps.billing import selectors as billing
from shared_apps.closing.enums import AskedBy, ClosingState
from shared_apps.closing.models import Closing
from shared_apps.jobs.worker import Worker
from shared_apps.mail import services as mail
from shared_apps.mail.models import InboundMessage
from shared_apps.operator.enums import DrillState
from shared_apps.operator.models import Drill
from shared_apps.operator.services import start_drill
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Archive, Category, Discussion, Reply, Tag
from tenant_apps.files.services import attach
from tenant_apps.members import services as members
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Invitation, Member
from tenant_apps.moderation import services as moderation
from tenant_apps.moderation.models import Act
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.enums import Channel, Kind
from tenant_apps.plan import services as plan
from tenant_apps.portability import services as portability
from tenant_apps.search import services as search
from tenant_apps.setup import services as setup
from tenant_apps.sharing import services as sharing
from tenant_apps.sharing.enums import SENT_REPLY
from tenant_apps.sharing.models import SharedItem
from tenant_apps.suppliers import services as suppliers
from tenant_apps.suppliers.models import Recommendation, Supplier, SupplierCategory
from tenants.context import in_collective, in_network
from tenants.ids import random_id
from tenants.models import Network
from tenants.services import update_appearance
from tests.builders.accounts import PASSWORD, client_with, host_of, make_account, sign_in
from tests.builders.closing import announce, left_behind
from tests.builders.domains import claim
from tests.builders.emails import raw_email, send_in
from tests.builders.grants import ask
from tests.builders.mailing_lists import message
from tests.builders.members import make_member
from tests.builders.requests import ask_for_network, make_request
from tests.builders.schools import make_school
from tests.isolation.canaries import CUT, KEPT, SHARED, anonymous, canary

SAID = {"response": 5, "quality": 4, "value": 3, "would_use_again": True}


@dataclass
class Place:
    """One network of the world: its people by what they do, and one id of each kind of thing."""

    network: Network
    number: int
    people: dict[str, Member] = field(default_factory=dict)
    accounts: dict[str, User] = field(default_factory=dict)
    ids: dict[str, UUID | str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.network.subdomain

    @property
    def schema(self) -> str:
        return self.network.schema_name

    def word(self, zone: str, what: str) -> str:
        return canary(self.name, zone, what)

    def kept(self, what: str) -> str:
        return self.word(KEPT, what)

    def shared(self, what: str) -> str:
        return self.word(SHARED, what)

    def anon(self, what: str) -> str:
        return anonymous(self.number, what)


@dataclass
class World:
    """Alder, birch, one person in both, and an operator who is in neither."""

    alder: Place
    birch: Place
    both: User
    operator: User
    ids: dict[str, UUID] = field(default_factory=dict)

    @property
    def places(self) -> tuple[Place, Place]:
        return self.alder, self.birch

    def place(self, name: str) -> Place:
        return {"alder": self.alder, "birch": self.birch}[name]

    def other(self, place: Place) -> Place:
        return self.birch if place is self.alder else self.alder

    def account(self, who: str) -> User | None:
        """Return "alder.member", "birch.owner", "both", "operator", or None for "nobody"."""
        if who == "nobody":
            return None
        if "." not in who:
            return User.objects.with_networks().get(pk=getattr(self, who).pk)
        place, _, role = who.partition(".")
        return User.objects.with_networks().get(pk=getattr(self, place).accounts[role].pk)

    def browser(self, who: str, on: Network | str, **extra: Any) -> Client:
        """Return a client of a host with somebody signed in there, whether or not they have access."""
        client = Client(headers={"host": host_of(on)}, raise_request_exception=False, **extra)
        account = self.account(who)
        return sign_in(client, account, on) if account else client

    def program(self, token: str, on: Network | str) -> Client:
        """Return a client with a token: "alder.member", "birch.owner", "operator"."""
        place, _, role = token.partition(".")
        secrets = getattr(self, place).secrets if role else self.operator_secrets
        return client_with(secrets[f"token.{role}"], on)

    operator_secrets: dict[str, str] = field(default_factory=dict)


def build(alder: Network, birch: Network) -> World:
    """Fill both networks and what lies between them; nothing is left to do for the worker."""
    world = World(
        alder=Place(alder, 1),
        birch=Place(birch, 2),
        both=make_account(email="bea@both.example", name="Bea Both"),
        operator=make_account(email="olive@operator.example", name="Olive Operator", operator=True),
    )
    world.ids["school_id"] = make_school("Common Lane School").id
    for place in world.places:
        with in_network(place.network):
            update_appearance(place.network, name=place.shared("network"))
        for fill in (_people, _pay, _talk, _mailing_list, _depth, _suppliers, _set_up, _moderate, _publish):
            _inside(place, lambda fill=fill, place=place: fill(place, world))
    for place in world.places:
        _answer_elsewhere(place, world.other(place))
    for place in world.places:
        _report_elsewhere(place, world.other(place))
    for place in world.places:
        _inside(place, lambda place=place: _settle(place))
        _tokens_and_codes(place)
    world.operator_secrets["token."] = account_services.create_operator_token(
        world.operator, name="Operator’s", by=Actor.system()
    ).secret
    _messages(world)
    Worker().drain()
    for place in world.places:
        _emails(place)
    _digests(world)
    _archives(world)
    _support(world)
    _ask_for_a_network(world)
    _drill(world)
    _claim_domains(world)
    _closing(world)
    with in_collective():
        fold_statistics.run_now()
    for place in world.places:
        _inside(place, lambda place=place: _remember(place))
    _remember_messages(world)
    return world


def _inside(place: Place, act: Callable[[], None]) -> None:
    with in_network(place.network):
        act()


# People --------------------------------------------------------------------------------------------------------------

WHO = {
    "owner": (Role.OWNER, KEPT),
    "organiser": (Role.ORGANISER, KEPT),
    "moderator": (Role.MODERATOR, KEPT),
    "member": (Role.MEMBER, SHARED),  # shares under their name
    "discreet": (Role.MEMBER, KEPT),  # shares under their role
    "hidden": (Role.MEMBER, KEPT),  # shares anonymously
    "former": (Role.MEMBER, KEPT),
}


def _people(place: Place, world: World) -> None:
    for who, (role, zone) in WHO.items():
        place.people[who] = _person(place, world, who, role, zone)
    place.people["both"] = make_member(place.network, name=place.kept("both"), email=world.both.email)
    _profile(place, world, "both", KEPT, KEPT)
    _invitations(place)
    members.remove_member(place.people["former"], by=place.people["owner"])
    members.update_branding(
        colour={1: "#8f2d56", 2: "#2f5d9b"}[place.number],
        tagline=place.kept("tagline"),
        welcome=place.kept("welcome"),
        by=place.people["owner"],
    )
    for who, member in place.people.items():
        place.people[who] = Member.objects.get(id=member.id)
        place.accounts[who] = User.objects.get(pk=member.account_id)


def _person(place: Place, world: World, who: str, role: str, zone: str) -> Member:
    email = f"{place.kept(who)}@mail.example"
    make_account(email=email, name=place.word(zone, who))
    place.people[who] = make_member(
        place.network, name=place.word(zone, who), role=role, email=email, password=PASSWORD
    )
    job_zone = SHARED if who in ("member", "discreet") else KEPT
    _profile(place, world, who, zone, job_zone)
    return place.people[who]


def _profile(place: Place, world: World, who: str, zone: str, job_zone: str) -> None:
    member = place.people[who]
    members.update_profile(
        member,
        name=member.name,
        phone=f"01632 9601{place.number}1",
        about=place.kept(f"about{who}"),
        ask_me_about=place.kept(f"askme{who}"),
        by=member,
    )
    school_zone = SHARED if zone == SHARED else KEPT
    facts = members.SchoolFacts(
        place.word(school_zone, f"school{who}"),
        school_id=world.ids["school_id"],
        town=place.kept(f"town{who}"),
        authority=place.kept(f"authority{who}"),
        phase="Primary",
        pupils=200,
    )
    members.add_posting(
        member,
        school=facts,
        job_title=place.word(job_zone, f"job{who}"),
        active_from=timezone.localdate() - timedelta(days=400),
        by=member,
    )


def _invitations(place: Place) -> None:
    owner = place.people["owner"]
    link = members.invite_member(email=f"{place.kept('invited')}@mail.example", by=owner)
    place.secrets["invitation"] = link.rstrip("/").rsplit("/", 1)[1]
    members.send_code(Invitation.objects.get(email__contains=place.kept("invited")))


# What members say ----------------------------------------------------------------------------------------------------


def _pay(place: Place, _world: World) -> None:
    """The owner asks for an invoice; what is on it is known to the platform too."""
    subscription = billing.subscription_of(place.network)
    assert subscription is not None
    invoice = plan.request_invoice(
        subscription,
        plan=subscription.plan,
        period=subscription.period,
        purchase_order=place.shared("order"),
        now=timezone.now(),
        by=place.people["owner"],
    )
    place.ids["invoice_id"] = invoice.id


def _talk(place: Place, world: World) -> None:
    people = place.people
    search.keep()  # so that some figures are added up and some are not
    kept = discussions.save_category(name=place.kept("category"), by=people["owner"])
    out = discussions.save_category(name=place.shared("category"), by=people["owner"])
    discussion = discussions.start_discussion(
        title=place.kept("oldtitle"), body=place.kept("oldbody"), category=kept, by=people["member"]
    )
    reply = discussions.post_reply(discussion, body=place.kept("oldreply"), by=people["organiser"])
    discussions.edit_discussion(
        discussion, title=place.kept("title"), body=_markdown(place.kept("body")), by=people["member"]
    )
    discussions.edit_reply(reply, body=place.kept("reply"), by=people["organiser"])
    discussions.post_reply(discussion, body=place.kept("replyboth"), by=people["both"])
    discussions.mark_reply(discussion, reply.id, is_answer=True, by=people["member"])
    discussions.follow(discussion, member=people["moderator"])
    place.ids |= {"category_id": kept.id, "discussion_id": discussion.id, "reply_id": reply.id}
    place.ids["shared_category_id"] = out.id
    file = attach(
        f"{place.kept('file')}.txt", place.kept("content").encode(), kind="reply", object_id=reply.id, by=reply.author
    )
    place.ids |= {"file_id": file.id, "file_name": file.name}
    discussions.save_draft(
        discussions.Written(body=place.kept("replydraft")), discussion=discussion, by=people["member"]
    )
    discussions.find_helpful(discussion, reply, is_helpful=True, by=people["member"])
    discussions.post_reply(discussion, body=f"@{place.kept('moderator')} knows", by=people["both"])


def _depth(place: Place, world: World) -> None:
    """A tag, a poll, a category that allows questions without a name, one of those, and what a moderator hid."""
    people = place.people
    facts = discussions.CategoryFacts(slug=place.kept("slug"), template=place.kept("template"), allows_anonymous=True)
    quiet = discussions.save_category(name=place.kept("quiet"), facts=facts, by=people["owner"])
    talk = discussions.start_discussion(
        title=place.kept("polltitle"),
        body=place.kept("pollbody"),
        category=quiet,
        tags=[place.kept("tag")],
        token="once",
        by=people["member"],
    )
    asked = discussions.PollFacts(question=place.kept("poll"), options=[place.kept("yes"), place.kept("no")])
    poll = discussions.add_poll(talk, asked, by=people["member"])
    discussions.vote(poll, [poll.options.first().id], by=people["organiser"])
    reply = discussions.post_reply(talk, body=place.kept("hiddenreply"), by=people["member"])
    discussions.hide_reply(reply, reason=place.kept("hidewhy"), by=people["moderator"])
    bad = discussions.start_discussion(title=place.kept("bad"), body=place.kept("badbody"), by=people["member"])
    discussions.hide_discussion(bad, reason=place.kept("badwhy"), by=people["moderator"])
    discussions.start_discussion(
        title=place.kept("nameless"),
        body=place.kept("namelessbody"),
        category=quiet,
        is_anonymous=True,
        by=people["both"],
    )
    place.ids["tag_id"] = Tag.objects.get(name=place.kept("tag")).id


def _mailing_list(place: Place, world: World) -> None:
    """A mailing list was brought in, another upload could not be read, and a third waits for a word."""
    owner = place.people["owner"]
    category = Category.objects.get(name=place.kept("category"))
    raw = message(
        sender=(place.kept("listname"), f"{place.kept('listwriter')}@mail.example"),
        subject=place.kept("listsubject"),
        text=place.kept("listtext"),
        message_id=f"<{place.kept('listid')}@mail.example>",
    )
    upload = {"name": f"{place.kept('listfile')}.mbox", "category": category, "by": owner}
    brought = discussions.receive_archive([raw], **upload)
    discussions.plan_archive(brought.id)
    discussions.start_bringing(Archive.objects.get(id=brought.id), by=owner)
    discussions.bring_archive(brought.id)
    Archive.objects.filter(id=brought.id).update(problem=place.kept("listproblem"))
    waits = discussions.receive_archive([raw.replace(b"Message-ID: <", b"Message-ID: <2")], **upload)
    discussions.plan_archive(waits.id)
    place.ids |= {"archive_id": waits.id, "brought_archive": brought.id}


def _markdown(text: str) -> str:
    """Return a text with one of everything that Markdown makes."""
    return (
        f"# {text}\n\n## More\n\n> *quoted* **words** ~~gone~~ `code`\n\n- one\n- two\n\n3. three\n\n---\n\n"
        f"[a page](https://example.org/ 'title') and\na line\n\n```\nfenced\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )


def _suppliers(place: Place, world: World) -> None:
    people = place.people
    kept_category = SupplierCategory.objects.create(name=place.kept("trade"), position=90)
    out_category = SupplierCategory.objects.create(name=place.shared("trade"), position=91)
    kept = suppliers.add_supplier(
        name=place.kept("supplier"),
        website=f"https://{place.kept('site')}.example/",
        description=place.kept("description"),
        categories=[kept_category],
        by=people["member"],
    )
    said = suppliers.recommend(kept, **SAID, text=place.kept("said"), phase="Primary", by=people["member"])
    note = suppliers.add_note(kept, happened_on=timezone.localdate(), text=place.kept("note"), by=people["member"])
    known = suppliers.add_supplier(
        name=place.shared("supplier"),
        website="https://known-by-both.example/",
        description=place.kept("describesknown"),
        categories=[out_category],
        by=people["member"],
    )
    suppliers.recommend(known, **SAID, text=place.shared("said"), by=people["member"])
    suppliers.recommend(known, **SAID, text=place.kept("saidtoo"), by=people["organiser"])
    suppliers.add_note(known, happened_on=timezone.localdate(), text=place.kept("noteonknown"), by=people["member"])
    anonymous_one = suppliers.add_supplier(
        name=place.anon("supplier"),
        description=place.kept("describesanon"),
        categories=[_plain_trade()],
        by=people["hidden"],
    )
    suppliers.recommend(anonymous_one, **SAID, text=place.anon("said"), by=people["hidden"])
    place.ids |= {"supplier_id": kept.id, "recommendation_id": said.id, "note_id": note.id, "known_id": known.id}


def _plain_trade() -> SupplierCategory:
    return SupplierCategory.objects.get(name="Catering")


def _moderate(place: Place, world: World) -> None:
    """One thing was reported, hidden, appealed against; another waits."""
    people = place.people
    said = Recommendation.objects.get(text=place.kept("saidtoo"))
    case = moderation.report(
        "recommendation", said.id, reason="other", words=place.kept("reportwords"), by=people["member"]
    ).case
    act = moderation.decide(case, kind="hidden", reason=place.kept("hidereason"), by=people["moderator"])
    appeal = moderation.appeal(act, words=place.kept("appealwords"), by=people["organiser"])
    moderation.decide_appeal(appeal, is_granted=True, reason=place.kept("appealreason"), by=people["owner"])
    waiting = moderation.report(
        "recommendation", place.ids["recommendation_id"], reason="rude", words=place.kept("waits"), by=people["both"]
    ).case
    warned = moderation.decide(waiting, kind="warned", reason=place.kept("warnreason"), by=people["moderator"])
    waits = moderation.appeal(warned, words=place.kept("appealwaits"), by=people["member"])
    place.ids |= {"case_id": waiting.id, "act_id": warned.id, "appeal_id": waits.id}
    nameless = Discussion.objects.get(title=place.kept("nameless"))
    asked = _warn(place, "discussion", nameless.id)
    moderation.appeal(asked, words=place.kept("namelessappeal"), by=people["both"])


def _warn(place: Place, kind: str, object_id: UUID) -> Act:
    """Who wrote something without their name is warned about it."""
    people = place.people
    case = moderation.report(kind, object_id, reason="rude", by=people["organiser"]).case
    return moderation.decide(case, kind="warned", reason=place.kept("namelesswarning"), by=people["moderator"])


# What leaves ---------------------------------------------------------------------------------------------------------


def _publish(place: Place, world: World) -> None:
    people = place.people
    named = _ask(place, "member", place.shared("title"), f"{place.shared('body')} {place.word(CUT, 'word')}")
    discussions.edit_discussion(
        named,
        title=place.shared("title"),
        body=f"{place.shared('body')} and {place.word(CUT, 'word')}",
        by=people["member"],
    )
    reply = discussions.post_reply(named, body=place.kept("homereply"), by=people["organiser"])
    discussions.mark_reply(named, reply.id, is_answer=True, by=people["member"])
    item = _share(named, "discussion", people["member"], Identity.NAMED, [place.word(CUT, "word")])
    role = _ask(place, "discreet", place.shared("roletitle"), place.shared("rolebody"))
    place.ids["role_publication"] = _share(role, "discussion", people["discreet"], Identity.ROLE).publication_id
    hidden = _ask(place, "hidden", place.anon("title"), place.anon("body"), category=Category.objects.first())
    discussions.post_reply(hidden, body=place.kept("replytohidden"), by=people["hidden"])
    place.ids["anon_publication"] = _share(hidden, "discussion", people["hidden"], Identity.ANONYMOUS).publication_id
    back = _ask(place, "member", place.kept("backtitle"), place.kept("backbody"))
    place.ids["back_publication"] = _share(back, "discussion", people["member"], Identity.NAMED).publication_id
    place.ids["back"] = back.id
    said = Recommendation.objects.get(text=place.shared("said"))
    place.ids["said_publication"] = _share(said, "recommendation", people["member"], Identity.NAMED).publication_id
    hidden_said = Recommendation.objects.get(text=place.anon("said"))
    place.ids["anon_said_publication"] = _share(
        hidden_said, "recommendation", people["hidden"], Identity.ANONYMOUS
    ).publication_id
    place.ids |= {"named": named.id, "publication_id": item.publication_id, "home_reply": reply.id}


def _ask(place: Place, who: str, title: str, body: str, category: Category | None = None) -> Discussion:
    category = category or Category.objects.get(name=place.shared("category"))
    return discussions.start_discussion(title=title, body=body, category=category, by=place.people[who])


def _share(
    thing: Discussion | Recommendation, kind: str, by: Member, identity: Identity, redactions: list[str] | None = None
) -> SharedItem:
    return sharing.share_item(kind, thing.id, sharing.Choice(identity=identity, redactions=redactions or []), by=by)


def _answer_elsewhere(place: Place, other: Place) -> None:
    """A member answers the other network's questions: by name, anonymously, and one that is then taken back."""
    answers = (
        ("publication_id", "member", Identity.NAMED, place.shared("answer"), "away_reply"),
        ("role_publication", "discreet", Identity.ROLE, place.shared("roleanswer"), "role_reply"),
        ("anon_publication", "hidden", Identity.ANONYMOUS, place.anon("answer"), "anon_reply"),
        ("back_publication", "member", Identity.NAMED, place.shared("cameback"), "returned"),
    )
    for publication, who, identity, body, name in answers:
        place.ids[name] = _answer(place, other, str(publication), who, identity, body).id


def _answer(place: Place, other: Place, publication: str, who: str, identity: Identity, body: str) -> PublicationReply:
    account = User.objects.with_networks().get(pk=place.accounts[who].pk)
    acting = next(each for each in account.networks if each.id == place.network.id)
    with in_collective():
        found = published.get_visible_publication(other.ids[publication], network_id=place.network.id)
        assert isinstance(found, Publication)
        return portal.reply(
            found, body=body, identity=identity, acting=acting, by=Actor(account_id=account.pk, label="", via="page")
        )


def _report_elsewhere(place: Place, other: Place) -> None:
    """A member reports the other network's question, and a reply of their own network beneath it."""
    account = User.objects.with_networks().get(pk=place.accounts["discreet"].pk)
    acting = next(each for each in account.networks if each.id == place.network.id)
    said = {"reason": "other", "acting": acting, "by": Actor(account_id=account.pk, label="", via="page")}
    with in_collective():
        found = published.get_visible_publication(other.ids["publication_id"], network_id=place.network.id)
        replies = published.visible_replies(found.id, network_id=place.network.id)
        portal.report(found, words=place.shared("reportsquestion"), **said)
        portal.report(found, reply=replies[0], words=place.shared("reportsreply"), **said)
    with in_network(place.network):
        _warn(place, SENT_REPLY, place.ids["anon_reply"])


def _settle(place: Place) -> None:
    """Take one question back, so that its answer comes home, and let one wait for an organiser."""
    people = place.people
    sharing.withdraw_item("discussion", place.ids["back"], by=people["member"])
    sharing.update_policy(
        approval_required=True,
        kept_categories=[place.kept("category")],
        blocked_networks=[],
        by=people["owner"],
    )
    waiting = _ask(place, "member", place.kept("waitingtitle"), place.kept("waitingbody"))
    place.ids["item_id"] = _share(
        waiting, "discussion", people["member"], Identity.NAMED, [place.word(CUT, "waitingword")]
    ).id


# Accounts, codes and mail --------------------------------------------------------------------------------------------


def _tokens_and_codes(place: Place) -> None:
    for who in ("member", "owner"):
        made = account_services.create_network_token(
            place.accounts[who], network_id=place.network.id, name=place.kept(f"token{who}"), by=Actor.system()
        )
        place.secrets[f"token.{who}"] = made.secret
        place.ids[f"token_of_{who}"] = made.token.id
    place.ids["link_id"] = SocialAccount.objects.create(
        user=place.accounts["member"],
        provider="google",
        uid=place.name,
        extra_data={"email": f"{place.kept('linkedmember')}@mail.example"},
    ).pk
    here, there = accounts.site_of_host(host_of(place.network)), accounts.site_of_host(host_of("collective"))
    place.secrets["state"] = account_services.new_state()
    place.secrets["handoff"] = account_services.issue_hand_off(
        place.accounts["member"],
        from_site=there,
        to_site=here,
        state_hash=account_services.hash_of(place.secrets["state"]),
        strength=Strength.PASSWORD,
        now=timezone.now() + timedelta(hours=1),
    )


def _messages(world: World) -> None:
    """Somebody asks for a code on every host."""
    hosts = (
        (world.alder.network, world.alder.accounts["member"]),
        (world.birch.network, world.birch.accounts["member"]),
        ("collective", world.both),
        ("platform", world.operator),
    )
    for host, account in hosts:
        client = Client(headers={"host": host_of(host)})
        answer = client.post("/sign-in/code/", {"email": account.email})
        assert answer.status_code == 302, answer.status_code


def _emails(place: Place) -> None:
    """A stranger's email waits; another's became a discussion when they turned out to be a member; one answered it."""
    with in_network(place.network):
        slug = Category.objects.get(name=place.kept("category")).mail_name
    to, stranger = f"{slug}@{host_of(place.network)}", f"{place.kept('stranger')}@mail.example"
    other = f"{place.kept('otheraddress')}@mail.example"
    for sender, what in ((stranger, "held"), (other, "emailed")):
        message_id = f"<{place.kept(f'id{what}')}@mail.example>"
        subject, text = place.kept(f"{what}subject"), place.kept(f"{what}text")
        raw = raw_email(sender=sender, to=to, subject=subject, text=text, message_id=message_id)
        send_in(raw, to=to, mail_from=sender)
    with in_network(place.network):
        row = InboundMessage.objects.get(from_address=other)
        notifications.give_address(row.id, place.people["member"], by=place.people["owner"])
    Worker().drain()
    with in_network(place.network):
        place.ids["emailed_id"] = InboundMessage.objects.get(from_address=other).became_id
        answered = f"<{place.kept('idemailed')}@mail.example>"
    writer = place.people["member"].email
    raw = raw_email(sender=writer, to=to, text=place.kept("emailedreply"), in_reply_to=answered)
    send_in(raw, to=to, mail_from=writer)
    with in_network(place.network):
        place.ids["emailed_reply_id"] = InboundMessage.objects.get(became_kind="reply").became_id
        place.ids["inbound_id"] = InboundMessage.objects.get(from_address=stranger).id


def _digests(world: World) -> None:
    """Everybody's digest goes out, that of who is in both networks with a section for each; an address bounced."""
    for place in world.places:
        mail.take_bounce(f"{place.kept('gone')}@school.example", is_hard=True)
        with in_network(place.network):
            notifications.set_channel(place.people["member"], Kind.SHARING, Channel.INBOX)
    notifications.plan_digests(timezone.now() + timedelta(days=1))
    Worker().drain()


def _archives(world: World) -> None:
    """Each owner has an archive of everything."""
    for place in world.places:
        with in_network(place.network):
            place.ids["export_id"] = portability.ask_for_export(by=place.people["owner"]).id
    Worker().drain()


def _set_up(place: Place, world: World) -> None:
    """Examples are here, by the people who are in every network the same, and the list is to be seen."""
    setup.add_examples(by=place.people["owner"])


def _support(world: World) -> None:
    """The operator asks each network to look in; nobody has answered, so it opens nothing."""
    for place in world.places:
        place.ids["grant_id"] = ask(place.network, world.operator).id
    Worker().drain()


def _drill(world: World) -> None:
    """A restore drill has ended; it holds names of tables."""
    held = start_drill(now=timezone.now(), by=Actor.system())
    Drill.objects.update(state=DrillState.FAILED, ended_at=timezone.now(), wrong=["public.tenants_network is missing"])
    world.ids["drill_id"] = held.id


def _ask_for_a_network(world: World) -> None:
    """Somebody of no network asks for one, and somebody else has not confirmed their address."""
    world.ids["request_id"] = make_request(subdomain="hazel").id
    world.ids["start_token"] = ask_for_network(subdomain="hazel")
    Worker().drain()


def _claim_domains(world: World) -> None:
    """Each network claims a domain; nobody has proved one."""
    for place in world.places:
        claim(place.network, f"{place.shared('host')}.org.uk")


def _closing(world: World) -> None:
    """Each network is to close in a month; another has closed long ago, and somebody shared something there."""
    for place in world.places:
        announce(place.network, place.people["owner"], words=place.kept("farewell"))
        shared = place.ids["publication_id"]
        with in_collective():
            publications.note_authors({shared: place.accounts["member"].pk})
            place.ids["kept_id"] = KeptPublication.objects.get(publication_id=shared).id
    gone = timezone.now() - timedelta(days=400)
    closed = Closing(network_id=random_id(), name="Cedar", host="cedar.localhost", state=ClosingState.DELETED)
    closed.asked_at = closed.closes_at = closed.deletes_at = closed.deleted_at = gone
    closed.asked_by, closed.keeps_publications, closed.certificate = AskedBy.OWNER, True, "Certificate of deletion"
    closed.save()
    world.ids["closing_id"] = closed.id
    _leave_behind(world)
    Worker().drain()


def _leave_behind(world: World) -> None:
    """Somebody shared something in a network that has closed since, and a member of alder reports it."""
    reporter = world.alder.accounts["discreet"].pk
    said = {"reason": "other", "words": world.alder.shared("reportsleft")}
    with in_collective():
        left = left_behind(world.both.pk, title="Left behind", body="Words of nobody’s network.")
        report = publications.report_publication(left, account_id=reporter, network_id=world.alder.network.id, **said)
    world.ids["report_id"] = report.id


def _remember(place: Place) -> None:
    """Keep one id of each kind for the addresses of pages; they are the member's where only their owner sees them."""
    from shared_apps.mail.models import Message
    from tenant_apps.members.models import Posting
    from tenant_apps.notifications.models import Notification
    from tenant_apps.notifications.services import unsubscribe_url

    member = place.people["member"]
    written = discussions.Written(
        title=place.kept("drafttitle"),
        body=place.kept("draft"),
        tags=place.kept("drafttags"),
        poll={"question": place.kept("draftpoll")},
    )
    place.ids |= {
        "draft_id": discussions.save_draft(written, by=member).id,
        "member_id": place.people["organiser"].id,
        "notification_id": Notification.objects.filter(member=member, in_inbox=True).first().id,
        "posting_id": Posting.objects.get(member=member, active_to=None).id,
        "invitation_id": Invitation.objects.get(email__contains=place.kept("invited")).id,
        "message_id": Message.objects.filter(text__contains=place.kept("reply")).first().id,
        "network_id": place.network.id,
        "token_id": place.ids["token_of_member"],
        "source_id": place.ids["named"],
        "supplier_key": "known-by-both.example",
    }
    link = unsubscribe_url(member, kind="discussion", object_id=place.ids["discussion_id"])
    place.secrets["unsubscribe"] = link.rstrip("/").rsplit("/", 1)[1]


def _remember_messages(world: World) -> None:
    from shared_apps.mail.models import Message, PlatformMessage

    with in_collective():
        world.ids["collective_message"] = Message.objects.first().id
    world.ids["platform_message"] = PlatformMessage.objects.first().id


__all__ = ["Place", "Reply", "Supplier", "World", "build"]
