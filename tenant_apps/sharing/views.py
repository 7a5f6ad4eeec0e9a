"""Pages of sharing: the exact preview, withdrawing, the ledger and the policy."""

import hashlib
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from collective.publications.drafts import Draft
from shared_apps.core.flash import say
from shared_apps.core.markdown import render_markdown
from tenant_apps.members.permissions import member_required, organiser_required
from tenant_apps.members.selectors import members_by_ids
from tenant_apps.sharing import selectors, services
from tenant_apps.sharing.adapters import Adapter, UnknownKindError, adapter_for, adapter_of_plural
from tenant_apps.sharing.enums import LedgerAction, ShareState
from tenant_apps.sharing.forms import PolicyForm, ShareForm, identity_cards
from tenant_apps.sharing.models import LedgerEntry, SharedItem
from tenant_apps.sharing.permissions import can_share, can_withdraw

PAGE_SIZE = 30
_BADGES = {
    LedgerAction.SHARED: "shared",
    LedgerAction.WITHDRAWN: "withdrawn",
    LedgerAction.REQUESTED: "waiting",
    LedgerAction.REFUSED: "bad",
    LedgerAction.UPDATED: "note",
    LedgerAction.REPLIES_CAME_HOME: "local",
    LedgerAction.POLICY_CHANGED: "plain",
}


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def share(request: HttpRequest, plural: str, source_id: UUID) -> HttpResponse:
    """Show exactly what would leave, then share it; nothing is shared that the page did not show first."""
    adapter = _adapter_or_404(plural)
    source, item = adapter.load(source_id), selectors.shared_item(adapter.kind, source_id)
    if source is None or not can_share(request.member, source):
        return _for_others(request, item)
    form = ShareForm(request.POST) if request.method == "POST" else ShareForm.for_item(item)
    if request.method == "POST" and form.is_valid() and _seen(form, adapter, source_id):
        done = _shared(request, form, adapter, source_id)
        if done:
            return done
    return _share_page(request, form, adapter, source_id, item)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def withdraw(request: HttpRequest, plural: str, source_id: UUID) -> HttpResponse:
    """Ask, then take it back everywhere at once."""
    adapter = _adapter_or_404(plural)
    item = selectors.shared_item(adapter.kind, source_id)
    if item is None or not can_withdraw(request.member, item) or item.state not in _OUT:
        raise Http404
    if request.method == "POST":
        return _withdrawn(request, adapter, source_id)
    replies = selectors.away_replies(adapter.kind, source_id, item.publication_id, received=False)
    context = {"item": item, "away_count": len(replies), "question": _question(item), "back": adapter.path(source_id)}
    return render(request, "sharing/withdraw.html", context)


@require_GET
@member_required
def ledger(request: HttpRequest) -> HttpResponse:
    """Show every member what other networks can see, and all that ever left."""
    page = Paginator(selectors.ledger(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": _ledger_rows(list(page)), "sub": _shared_words(selectors.shared_now().count())}
    return render(request, "sharing/ledger.html", context)


@require_GET
@member_required
def source(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """Lead a member from a publication of this network to the thing it is the copy of."""
    item = selectors.item_of_publication(publication_id)
    if item is None:
        raise Http404
    return redirect(adapter_for(item.source_kind).path(item.source_id))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def manage(request: HttpRequest) -> HttpResponse:
    """The organisers' page: what waits, the policy, and the ledger."""
    policy = selectors.get_policy()
    form = _policy_form(request, PolicyForm.initial_of(policy))
    if request.method == "POST" and form.is_valid():
        services.update_policy(**form.values(), by=request.member)
        say(request, "Saved. The policy counts from now on.")
        return redirect("sharing:manage")
    page = Paginator(selectors.ledger(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "waiting": _waiting_rows(selectors.items_awaiting_approval()),
        "page": page,
        "rows": _ledger_rows(list(page)),
        "crumbs": [("Organise", "/manage/")],
    }
    return render(request, "sharing/manage.html", context, status=422 if form.errors else 200)


@require_POST
@organiser_required
def decide(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Approve or refuse what waits."""
    item = selectors.get_item(item_id)
    if item is None:
        raise Http404
    act = services.approve_item if request.POST.get("decision") == "approve" else services.refuse_item
    try:
        act(item, by=request.member)
    except services.SharingRefusedError as error:
        say(request, str(error))
    else:
        say(request, "Shared with the Collective." if act is services.approve_item else "It stays in this network.")
    return redirect("sharing:manage")


_OUT = (ShareState.SHARED, ShareState.AWAITING_APPROVAL)


def _shared_words(count: int) -> str:
    things = "1 thing is" if count == 1 else f"{count or 'No'} things are"
    return f"{things} shared with the Collective now. Everything else stays here."


def _question(item: SharedItem) -> str:
    return "Withdraw this from the Collective?" if item.state == ShareState.SHARED else "Stop asking to share this?"


def _adapter_or_404(plural: str) -> Adapter:
    try:
        return adapter_of_plural(plural)
    except UnknownKindError as error:
        raise Http404 from error


def _for_others(request: HttpRequest, item: SharedItem | None) -> HttpResponse:
    """An organiser who did not write it may still take it back."""
    if item is not None and item.state in _OUT and can_withdraw(request.member, item):
        adapter = adapter_for(item.source_kind)
        return redirect("sharing:withdraw", adapter.plural, item.source_id)
    raise Http404


def _seen(form: ShareForm, adapter: Adapter, source_id: UUID) -> bool:
    """Whether the preview on the page that was sent showed just what would leave now."""
    return "share" in form.data and form.cleaned_data["previewed"] == _mark_of(form, adapter, source_id)


def _mark_of(form: ShareForm, adapter: Adapter, source_id: UUID) -> str:
    draft = services.preview(adapter.kind, source_id, form.choice()).draft
    return hashlib.sha256(repr(draft).encode()).hexdigest()[:32]


def _shared(request: HttpRequest, form: ShareForm, adapter: Adapter, source_id: UUID) -> HttpResponse | None:
    try:
        item = services.share_item(adapter.kind, source_id, form.choice(), by=request.member)
    except services.SharingRefusedError as error:
        form.add_error(None, str(error))
        return None
    waiting = item.state == ShareState.AWAITING_APPROVAL
    say(request, "An organiser checks it before it leaves." if waiting else "Shared. Every network can find it now.")
    return redirect(adapter.path(source_id))


def _withdrawn(request: HttpRequest, adapter: Adapter, source_id: UUID) -> HttpResponse:
    try:
        services.withdraw_item(adapter.kind, source_id, by=request.member)
    except services.SharingRefusedError as error:
        say(request, str(error))
    else:
        say(request, "Withdrawn. No other network can see it now.")
    return redirect(adapter.path(source_id))


def _share_page(
    request: HttpRequest, form: ShareForm, adapter: Adapter, source_id: UUID, item: SharedItem | None
) -> HttpResponse:
    """Draw the page with the preview of what the form says, or, when that is wrong, of what is shared now."""
    choice = form.choice() if form.is_bound and form.is_valid() else _standing_choice(item)
    preview = services.preview(adapter.kind, source_id, choice)
    mark = hashlib.sha256(repr(preview.draft).encode()).hexdigest()[:32]
    changed = form.is_bound and "share" in form.data and not form.errors
    values = {**form.data.dict(), "previewed": mark} if form.is_bound else {**form.initial, "previewed": mark}
    shown = _refilled(form, values)
    context = {
        "form": shown,
        "cards": identity_cards(services.author_of(request.member.id), request.network.name),
        "copy": _copy(preview.draft, request),
        "stays": preview.stays,
        "item": item,
        "is_out": item is not None and item.state in _OUT,
        "source": adapter.load(source_id),
        "back": adapter.path(source_id),
        "plural": adapter.plural,
        "source_id": source_id,
        "changed": changed,
        "heading": "Shared with the Collective"
        if item and item.state == ShareState.SHARED
        else "Share with the Collective",
        "crumbs": [(adapter.load(source_id).title, adapter.path(source_id))],
    }
    return render(request, "sharing/share.html", context, status=422 if form.errors else 200)


def _refilled(form: ShareForm, values: dict) -> ShareForm:
    if not form.is_bound:
        return ShareForm(initial=values)
    shown = ShareForm(values)
    shown._errors = form.errors
    return shown


def _standing_choice(item: SharedItem | None) -> services.Choice:
    return services.choice_of(item) if item else services.Choice(identity=services.Identity.NAMED)


def _copy(draft: Draft, request: HttpRequest) -> dict:
    author = ", ".join(filter(None, (draft.shown_name, draft.shown_role))) or "A member of another network"
    return {
        "origin": draft.shown_network or draft.shown_region,
        "colour": request.network.colour if draft.shown_network else "",
        "title": draft.title,
        "body": render_markdown(draft.body),
        "author": author,
        "facts": _facts(draft),
        "at": draft.shown_at,
    }


def _facts(draft: Draft) -> list[tuple[str, str]]:
    """The rest of what leaves, so that the preview leaves nothing out."""
    again = {True: "Yes", False: "No", None: ""}[draft.would_use_again]
    facts = [
        ("Category", draft.category),
        ("Phase", draft.phase),
        ("Size", draft.size),
        ("Supplier", draft.supplier_name),
        ("Website", draft.supplier_website),
        ("Response", draft.response and f"{draft.response} of 5"),
        ("Quality", draft.quality and f"{draft.quality} of 5"),
        ("Value", draft.value and f"{draft.value} of 5"),
        ("Would use again", again),
    ]
    return [(label, value) for label, value in facts if value]


def _policy_form(request: HttpRequest, initial: dict) -> PolicyForm:
    networks = [(str(each.id), each.name) for each in selectors.networks_to_block(request.network.id)]
    categories = services.known_categories()
    return PolicyForm(request.POST or None, initial=initial, categories=categories, networks=networks)


def _ledger_rows(entries: list[LedgerEntry]) -> list[dict]:
    people = members_by_ids(entry.member_id for entry in entries if entry.member_id)
    return [_ledger_row(entry, people) for entry in entries]


def _ledger_row(entry: LedgerEntry, people: dict) -> dict:
    who = people.get(entry.member_id)
    label = entry.get_action_display()
    return {
        "title": entry.title or label,
        "url": adapter_for(entry.item.source_kind).path(entry.item.source_id) if entry.item else "",
        "shown_as": dict(services.Identity.choices).get(entry.identity, ""),
        "at": entry.at,
        "who": who.shown_name if who else "",
        "state": _BADGES[LedgerAction(entry.action)],
        "state_text": f"{entry.count} {label.lower()}" if entry.count else label,
    }


def _waiting_rows(items: list[SharedItem]) -> list[dict]:
    people = members_by_ids(item.member_id for item in items)
    return [_waiting_row(item, people) for item in items]


def _waiting_row(item: SharedItem, people: dict) -> dict:
    preview = services.preview(item.source_kind, item.source_id, services.choice_of(item))
    return {
        "item": item,
        "who": people[item.member_id].shown_name if item.member_id in people else "",
        "title": preview.draft.title,
        "body": render_markdown(preview.draft.body),
        "author": ", ".join(filter(None, (preview.draft.shown_name, preview.draft.shown_role))),
        "url": adapter_for(item.source_kind).path(item.source_id),
    }
