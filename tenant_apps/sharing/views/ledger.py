"""The sharing ledger, for every member of a network."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tenant_apps.members.permissions import member_required
from tenant_apps.sharing import selectors
from tenant_apps.sharing.adapters import adapter_for
from tenant_apps.sharing.views.drawing import ledger_rows

PAGE_SIZE = 30


@require_safe
@member_required
def ledger(request: HttpRequest) -> HttpResponse:
    """Show every member what other networks can see, and all that ever left."""
    page = Paginator(selectors.ledger(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": ledger_rows(list(page)), "sub": _words(selectors.shared_now().count())}
    return render(request, "sharing/ledger.html", context)


@require_safe
@member_required
def source(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """Lead a member from a publication of this network to the thing it is the copy of."""
    item = selectors.item_of_publication(publication_id)
    if item is None:
        raise Http404
    return redirect(adapter_for(item.source_kind).path(item.source_id))


def _words(count: int) -> str:
    things = "1 thing is" if count == 1 else f"{count or 'No'} things are"
    return f"{things} shared with the Collective now. Everything else stays here."
