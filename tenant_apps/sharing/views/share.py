"""Sharing one's own thing, after seeing exactly what leaves, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shared_apps.core.flash import say
from tenant_apps.members.permissions import member_required, writer_required
from tenant_apps.sharing import selectors, services
from tenant_apps.sharing.adapters import Adapter, Source, UnknownKindError, adapter_for, adapter_of_plural
from tenant_apps.sharing.enums import ShareState
from tenant_apps.sharing.forms import ShareForm, identity_cards
from tenant_apps.sharing.models import SharedItem
from tenant_apps.sharing.permissions import can_share, can_withdraw
from tenant_apps.sharing.views.drawing import OUT, copy_of
from tenant_apps.sharing.views.panel import standing_of


@require_http_methods(["GET", "HEAD", "POST"])
@writer_required
def share(request: HttpRequest, plural: str, source_id: UUID) -> HttpResponse:
    """Show exactly what would leave, then share it; nothing is shared that the page did not show first.

    A POST that chooses nothing, as "Share again" is, only shows.
    """
    adapter = _adapter_or_404(plural)
    source, item = adapter.load(source_id), selectors.shared_item(adapter.kind, source_id)
    if source is None or not can_share(request.member, source):
        return _for_others(request, item)
    sent = request.method == "POST" and "identity" in request.POST
    form = ShareForm(request.POST) if sent else ShareForm.for_item(item)
    if sent and form.is_valid() and _cuts_are_there(form, source) and _was_seen(form, source):
        done = _shared(request, form, adapter, source_id)
        if done:
            return done
    context = _preview_page(request, form, adapter, source, item) | standing_of(request.member, source, item)
    return render(request, "sharing/share.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def withdraw(request: HttpRequest, plural: str, source_id: UUID) -> HttpResponse:
    """Ask, then take it back everywhere at once."""
    adapter = _adapter_or_404(plural)
    item = selectors.shared_item(adapter.kind, source_id)
    if item is None or not can_withdraw(request.member, item) or item.state not in OUT:
        raise Http404
    if request.method == "POST":
        return _withdrawn(request, adapter, source_id)
    replies = selectors.away_replies(adapter.kind, source_id, item.publication_id, received=False)
    context = {
        "item": item,
        "away_count": len(replies),
        "is_shared": item.state == ShareState.SHARED,
        "back": adapter.path(source_id),
    }
    return render(request, "sharing/withdraw.html", context)


def _adapter_or_404(plural: str) -> Adapter:
    try:
        return adapter_of_plural(plural)
    except UnknownKindError as error:
        raise Http404 from error


def _for_others(request: HttpRequest, item: SharedItem | None) -> HttpResponse:
    """An organiser who did not write it may still take it back."""
    if item is not None and item.state in OUT and can_withdraw(request.member, item):
        adapter = adapter_for(item.source_kind)
        return redirect("sharing:withdraw", adapter.plural, item.source_id)
    raise Http404


def _was_seen(form: ShareForm, source: Source) -> bool:
    """Whether the preview on the page that was sent showed just what would leave now."""
    preview = services.preview_of(source, form.choice())
    return "share" in form.data and form.cleaned_data["previewed"] == preview.mark


def _cuts_are_there(form: ShareForm, source: Source) -> bool:
    try:
        services.check_cuts(source, form.choice())
    except services.MissingWordsError as error:
        form.add_error("redactions", str(error))
    return form.is_valid()


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
        say(request, str(error), level=messages.WARNING)
    else:
        again = _sharing_again(request, adapter, source_id)
        say(request, "Withdrawn. No other network can see it now.", undo=again, label="Share again")
    return redirect(adapter.path(source_id))


def _sharing_again(request: HttpRequest, adapter: Adapter, source_id: UUID) -> str:
    """Return where this member can share it again; nowhere who only reads now, or did not write it."""
    source = adapter.load(source_id)
    may = source is not None and can_share(request.member, source)
    return reverse("sharing:share", args=[adapter.plural, source_id]) if may else ""


def _preview_page(
    request: HttpRequest, form: ShareForm, adapter: Adapter, source: Source, item: SharedItem | None
) -> dict:
    """Show what the form says or, where that cannot be, what is shared now."""
    choice = form.as_far_as_valid() if form.is_bound else services.standing_choice(item)
    preview = services.preview_of(source, choice)
    return {
        "form": form.with_preview(preview.mark),
        "cards": identity_cards(services.author_of(request.member.id), request.network.name),
        "copy": copy_of(preview.draft, request.network),
        "stays": preview.stays,
        "telling": preview.telling,
        "changed": form.is_bound and "share" in form.data and not form.errors,
        "back": adapter.path(source.source_id),
        "plural": adapter.plural,
        "source_id": source.source_id,
        "crumbs": [(source.title, adapter.path(source.source_id))],
    }
