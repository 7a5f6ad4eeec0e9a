"""The organisers' pages of sharing: what waits, the policy, and the ledger."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shared_apps.core.flash import say
from tenant_apps.members.permissions import cannot_write, organiser_required
from tenant_apps.members.selectors import members_by_ids
from tenant_apps.sharing import selectors, services
from tenant_apps.sharing.adapters import adapter_for
from tenant_apps.sharing.enums import ShareState
from tenant_apps.sharing.forms import PolicyForm
from tenant_apps.sharing.models import SharedItem
from tenant_apps.sharing.permissions import can_decide
from tenant_apps.sharing.views.drawing import copy_of, ledger_rows, waiting_rows
from tenant_apps.sharing.views.ledger import PAGE_SIZE

_DESK = ("Organise", "/manage/")


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def manage(request: HttpRequest) -> HttpResponse:
    """Show what waits, the policy and the ledger; save the policy."""
    form, may_decide = _policy_form(request), can_decide(request.member)
    if request.method == "POST" and not may_decide:
        return cannot_write(request)
    if request.method == "POST" and form.is_valid():
        services.update_policy(**form.values(), by=request.member)
        say(request, "Saved. The policy counts from now on.")
        return redirect("sharing:manage")
    page = Paginator(selectors.ledger(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "may_decide": may_decide,
        "waiting": waiting_rows(selectors.items_awaiting_approval()) if may_decide else [],
        "page": page,
        "rows": ledger_rows(list(page)),
        "crumbs": [_DESK],
    }
    return render(request, "sharing/manage.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def decide(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Show exactly what would leave, then approve or refuse just that."""
    if not can_decide(request.member):
        return cannot_write(request)
    item = selectors.get_item(item_id)
    if item is None:
        raise Http404
    if item.state != ShareState.AWAITING_APPROVAL:
        say(request, "This has been decided already.", level=messages.INFO)
        return redirect("sharing:manage")
    preview = services.preview(item.source_kind, item.source_id, services.choice_of(item))
    changed = request.method == "POST" and request.POST.get("seen") != preview.mark
    if request.method == "POST" and not changed:
        return _decided(request, item)
    return render(request, "sharing/decide.html", _decision(request, item, preview, changed=changed))


def _policy_form(request: HttpRequest) -> PolicyForm:
    networks = [(str(each.id), each.name) for each in selectors.networks_to_block(request.network.id)]
    categories = services.known_categories()
    initial = PolicyForm.initial_of(selectors.get_policy())
    return PolicyForm(request.POST or None, initial=initial, categories=categories, networks=networks)


def _decision(request: HttpRequest, item: SharedItem, preview: services.Preview, *, changed: bool) -> dict:
    author = members_by_ids([item.member_id]).get(item.member_id)
    return {
        "item": item,
        "who": author.shown_name if author else "A former member",
        "copy": copy_of(preview.draft, request.network),
        "stays": preview.stays,
        "mark": preview.mark,
        "changed": changed,
        "url": adapter_for(item.source_kind).path(item.source_id),
        "crumbs": [_DESK, ("Sharing", reverse("sharing:manage"))],
    }


def _decided(request: HttpRequest, item: SharedItem) -> HttpResponse:
    act = services.approve_item if request.POST.get("decision") == "approve" else services.refuse_item
    try:
        act(item, by=request.member)
    except services.SharingRefusedError as error:
        say(request, str(error), level=messages.WARNING)
    else:
        say(request, "Shared with the Collective." if act is services.approve_item else "It stays in this network.")
    return redirect("sharing:manage")
