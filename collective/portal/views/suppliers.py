"""Pages that gather what every network says of a supplier."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from collective.portal import selectors
from collective.portal.permissions import reader_required
from collective.portal.selectors import PAGE_SIZE
from collective.portal.views.drawing import recommendation, supplier_card
from collective.publications import selectors as publications


@require_safe
@reader_required
def supplier_list(request: HttpRequest) -> HttpResponse:
    """Show suppliers by how many schools recommend them, over every network."""
    name = request.GET.get("q", "").replace("\x00", "")[:100]
    found = publications.supplier_summaries(request.acting.id, name=name)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "cards": [supplier_card(row) for row in page], "q": name}
    return render(request, "portal/supplier_list.html", context)


@require_safe
@reader_required
def supplier_detail(request: HttpRequest, supplier_key: str) -> HttpResponse:
    """Gather what schools of every network say of one supplier."""
    key = supplier_key.replace("\x00", "")  # which the database refuses to be asked for
    found = publications.recommendations_of(key, network_id=request.acting.id)
    if not found or key != supplier_key:
        raise Http404
    figures = publications.supplier_figures(supplier_key, network_id=request.acting.id)
    context = {
        "name": found[0].supplier_name,
        "website": found[0].supplier_website,
        "figures": figures,
        "mean": selectors.mean_of(figures),
        "recommend": _recommend(figures["would_use_again_count"]),
        "scores": [
            ("Response", figures["response_mean"]),
            ("Quality", figures["quality_mean"]),
            ("Value", figures["value_mean"]),
        ],
        "recommendations": [recommendation(each) for each in found],
        "crumbs": [("Suppliers", reverse("portal:supplier_list"))],
    }
    return render(request, "portal/supplier_detail.html", context)


def _recommend(count: int) -> str:
    if not count:
        return "Nobody would use them again"
    return "1 school recommends them" if count == 1 else f"{count} schools recommend them"
