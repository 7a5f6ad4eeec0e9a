"""Networks whose every text is hostile, made through the services, which store whatever is text."""

from django.utils import timezone

from collective.portal import services as portal
from collective.publications import selectors as published
from collective.publications import services as publications
from collective.publications.enums import Identity
from shared_apps.accounts import services as account_services
from shared_apps.accounts.models import User
from shared_apps.audit.services import Actor
from shared_apps.billing import selectors as billing
from shared_apps.billing import services as payments
from shared_apps.closing import selectors as closings
from shared_apps.closing.models import Closing
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import InboundMessage, Message
from shared_apps.requests import services as requests
from tenant_apps.discussions import services as discussions
from tenant_apps.farewell import services as farewell
from tenant_apps.farewell.models import Farewell
from tenant_apps.files.services import attach
from tenant_apps.members import services as members
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Invitation, Member
from tenant_apps.plan import services as plan
from tenant_apps.sharing import services as sharing
from tenant_apps.suppliers import services as suppliers
from tenant_apps.suppliers.models import SupplierCategory
from tenants.context import in_collective, in_network
from tenants.models import Network
from tenants.services import update_appearance
from tests.builders.accounts import make_account
from tests.builders.closing import announce, left_behind
from tests.builders.emails import raw_email, send_in
from tests.builders.grants import ask
from tests.builders.members import make_member
from tests.builders.requests import ask_for_network, make_request
from tests.isolation.hostile import batches, storable, strings
from tests.isolation.world import Place

SCRIPT = "<script>window.hostile=1</script>"
IMAGE = '"><img src=x onerror=window.hostile=1>'
HANDLER = "' onmouseover='window.hostile=1' autofocus onfocus='window.hostile=1"
SVG = "<svg/onload=window.hostile=1>"
STRANGE = "<x-hostile data-hostile=1>"
SAID = {"response": 5, "quality": 4, "value": 3, "would_use_again": True}


def poison(network: Network, reader: Network) -> Place:
    """Fill a network with hostile text, share it, let somebody of another network answer, and send the emails."""
    network = Network.objects.get(id=network.id)  # the rows are rolled back, the world's own object would not be
    place = Place(network, 1)
    answerer = make_member(reader, name=IMAGE, email="answerer@hostile.example")
    with in_network(network):
        update_appearance(network, name=IMAGE)
        _people(place)
        _pay(place)
        _ask_to_look_in(place)
        _say_farewell(place)
        _talk(place)
        _suppliers(place)
        _share(place)
    _ask_for_a_network(place)
    _leave_behind(place)
    _answer(place, reader, answerer)
    Worker().drain()
    _emails(place)
    with in_network(network):
        hostile = Message.objects.filter(kind__startswith="news.", html__contains="hostile")
        mail = hostile.first() or Message.objects.first()
        place.ids["message_id"] = mail.id
        place.ids["invitation_id"] = Invitation.objects.filter(email__startswith="'").get().id
    return place


def _people(place: Place) -> None:
    owner = make_member(place.network, name=SCRIPT, role=Role.OWNER, email="hostile.owner@hostile.example")
    place.people["owner"] = owner
    place.accounts["owner"] = User.objects.get(pk=owner.account_id)
    place.accounts["owner"].name = IMAGE
    place.accounts["owner"].save(update_fields=["name"])
    for number, text in enumerate((IMAGE, HANDLER, SVG, STRANGE)):
        member = make_member(place.network, name=text, email=f"hostile{number}@hostile.example")
        members.update_profile(
            member, name=text, phone="", about=_longest(2000), ask_me_about=_longest(300, number), by=member
        )
        facts = members.SchoolFacts(f"{text} School", town=SVG, authority=SVG, phase="Primary")
        members.add_posting(
            member, school=facts, job_title=f"{text} bursar", active_from=timezone.localdate(), by=member
        )
        place.people["member"] = Member.objects.get(id=member.id)
    members.update_branding(colour="#8f2d56", tagline=IMAGE, welcome=_longest(2000), by=owner)
    members.invite_member(email="'onload='x@hostile.example", by=owner)  # validate_email lets quotes in
    account_services.create_network_token(
        place.accounts["owner"], network_id=place.network.id, name=IMAGE, by=Actor.system()
    )
    place.ids |= {"member_id": member.id, "posting_id": member.postings.get().id}


def _pay(place: Place) -> None:
    """Pay what is owed and ask for an invoice, which a network that closes cannot."""
    if closings.open_closing(place.network):
        farewell.call_off(now=timezone.now(), by=place.people["owner"])
    subscription = billing.subscription_of(place.network)
    assert subscription is not None
    owed = billing.open_invoice(subscription)
    if owed is not None:
        payments.mark_paid(owed, now=timezone.now(), by=place.people["owner"].actor)
    terms = {"plan": subscription.plan, "period": "year", "purchase_order": SVG}
    invoice = plan.request_invoice(subscription, **terms, now=timezone.now(), by=place.people["owner"])
    place.ids["invoice_id"] = invoice.id


def _ask_to_look_in(place: Place) -> None:
    operator = make_account(email="operator@hostile.example", name=IMAGE, operator=True)
    place.ids["grant_id"] = ask(place.network, operator, reason=f"{SCRIPT} {SVG}").id


def _ask_for_a_network(place: Place) -> None:
    wanted = {"name": IMAGE, "person": SCRIPT, "organisation": HANDLER, "words": _markup()[:2000]}
    place.ids["request_id"] = make_request(**wanted).id
    place.ids["start_token"] = ask_for_network(**wanted)
    declined = make_request(**wanted, subdomain="declined")
    requests.decline(declined, answer=f"{SVG} {SCRIPT}", now=timezone.now(), by=Actor.system())


def _say_farewell(place: Place) -> None:
    closing = closings.open_closing(place.network) or announce(place.network, place.people["owner"])
    Closing.objects.filter(id=closing.id).update(reason=f"{SCRIPT} {SVG}")
    Farewell.objects.filter(closing_id=closing.id).update(words=_longest(1_000))


def _leave_behind(place: Place) -> None:
    """Shared in a network that has closed since, and reported."""
    member = place.people["member"]
    with in_collective():
        left = left_behind(member.account_id, title=IMAGE, body=_markup())
        said = {"reason": "other", "words": f"{SCRIPT} {SVG}"}
        report = publications.report_publication(left, account_id=member.account_id, network_id=left.origin_id, **said)
    place.ids["report_id"] = report.id


def _talk(place: Place) -> None:
    owner, member = place.people["owner"], place.people["member"]
    category = discussions.save_category(name=SCRIPT, by=owner)
    for text in (each for each in map(storable, strings()) if "hostile" in each and each.strip()):
        discussions.start_discussion(title=text[:200], body=text, category=category, by=member)
    discussion = discussions.start_discussion(title=STRANGE, body=_longest(20_000), category=category, by=member)
    discussions.edit_discussion(discussion, title=IMAGE, body=_markup(), tags=[SCRIPT[:40], HANDLER[:40]], by=member)
    poll = discussions.add_poll(discussion, discussions.PollFacts(question=SVG, options=[SCRIPT, IMAGE]), by=member)
    discussions.vote(poll, [poll.options.first().id], by=member)
    discussions.follow(discussion, member=owner)
    reply = discussions.post_reply(discussion, body=_markup(), by=member)
    discussions.edit_reply(reply, body=_longest(20_000), by=member)
    discussions.mark_reply(discussion, reply.id, is_answer=True, by=member)
    for text in (f"{IMAGE}.txt", f"{HANDLER}.csv", f"../{SVG}\u202e.txt"):
        file = attach(text, b"Words.", kind="reply", object_id=reply.id, by=member)
    place.ids |= {"file_id": file.id, "file_name": file.name}
    discussions.post_reply(discussion, body=f"@{SCRIPT} @{IMAGE} @{member.name}", by=owner)
    discussions.save_draft(discussions.Written(body=_longest(20_000)), discussion=discussion, by=owner)
    poll = {"question": SVG, "options": SCRIPT}
    discussions.save_draft(discussions.Written(title=IMAGE, body=_markup(), tags=HANDLER, poll=poll), by=owner)
    place.ids |= {"category_id": category.id, "discussion_id": discussion.id, "reply_id": reply.id}
    place.ids["source_id"] = discussion.id


def _suppliers(place: Place) -> None:
    member = place.people["member"]
    category = SupplierCategory.objects.create(name=SCRIPT, position=0)
    supplier = suppliers.add_supplier(
        name=IMAGE, website="", description=_longest(2000), categories=[category], by=member
    )
    said = suppliers.recommend(supplier, **SAID, text=_markup()[:5000], by=member)
    note = suppliers.add_note(supplier, happened_on=timezone.localdate(), text=_longest(2000), by=member)
    place.ids |= {"supplier_id": supplier.id, "recommendation_id": said.id, "note_id": note.id}


def _share(place: Place) -> None:
    member, choice = place.people["member"], sharing.Choice(identity=Identity.NAMED, redactions=["window", SVG])
    rules = {"kept_categories": [], "blocked_networks": [], "by": place.people["owner"]}
    sharing.update_policy(approval_required=False, **rules)
    item = sharing.share_item("discussion", place.ids["discussion_id"], choice, by=member)
    place.ids["publication_id"] = item.publication_id
    sharing.share_item("recommendation", place.ids["recommendation_id"], choice, by=member)
    sharing.update_policy(approval_required=True, **rules)
    waiting = discussions.start_discussion(title=SCRIPT, body=_markup(), by=member)
    place.ids["item_id"] = sharing.share_item("discussion", waiting.id, choice, by=member).id


def _emails(place: Place) -> None:
    """A stranger's email waits; a member's is a discussion, and another answers it."""
    to, member = f"ict@{place.network.subdomain}.localhost", place.people["member"].email
    asked = {"subject": IMAGE, "text": _markup(), "message_id": "<hostile@hostile.example>"}
    send_in(raw_email(sender=f'"{HANDLER}" <stranger@hostile.example>', to=to, **asked), to=to)
    send_in(raw_email(sender=member, to=to, **asked), to=to)
    answer = raw_email(sender=member, to=to, text=f"{SCRIPT} {SVG}", in_reply_to="<hostile@hostile.example>")
    send_in(answer, to=to)
    with in_network(place.network):
        place.ids["inbound_id"] = InboundMessage.objects.get(from_address="stranger@hostile.example").id
        place.ids["emailed_id"] = InboundMessage.objects.get(from_address=member, became_kind="discussion").became_id
        place.ids["emailed_reply_id"] = InboundMessage.objects.get(from_address=member, became_kind="reply").became_id


def _answer(place: Place, reader: Network, answerer: Member) -> None:
    account = User.objects.with_networks().get(pk=answerer.account_id)
    acting = next(each for each in account.networks if each.id == reader.id)
    by = Actor(account_id=account.pk, label="", via="page")
    with in_collective():
        found = published.get_visible_publication(place.ids["publication_id"], network_id=reader.id)
        reply = portal.reply(found, body=_markup(), identity=Identity.NAMED, acting=acting, by=by)
        place.ids["away_reply"] = reply.id
        place.ids["supplier_key"] = next(
            each["supplier_key"] for each in published.supplier_summaries(reader.id) if each["supplier"] == IMAGE
        )


def _longest(length: int, number: int = 0) -> str:
    """Return as many hostile texts as fit."""
    found = batches(length)
    return storable(found[number % len(found)])[:length]


def _markup() -> str:
    """Return every text that would run if it were believed, as paragraphs."""
    return storable("\n\n".join(text for text in strings() if "<" in text or "](" in text))[:20_000]
