"""What the pages of suppliers have in common: finding or 404, errors into forms, and rows of what schools say."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from shared_apps.core.markdown import render_markdown
from shared_apps.core.templatetags.sbm import short_network
from tenant_apps.members.permissions import is_organiser
from tenant_apps.suppliers import selectors
from tenant_apps.suppliers.enums import RecommendationView
from tenant_apps.suppliers.models import Recommendation, Supplier
from tenant_apps.suppliers.selectors import Said
from tenant_apps.suppliers.services import SupplierError
from tenants.selectors import to_collective


def supplier_or_404(supplier_id: UUID) -> Supplier:
    """Return a supplier of this network, archived or not."""
    supplier = selectors.get_supplier(supplier_id)
    if supplier is None:
        raise Http404
    return supplier


def recommendation_or_404(request: HttpRequest, recommendation_id: UUID) -> Recommendation:
    """Return a recommendation of this network that the reader may see."""
    recommendation = selectors.get_recommendation(recommendation_id, request.member)
    if recommendation is None:
        raise Http404
    return recommendation


def text_of(request: HttpRequest, name: str) -> str:
    """Return a value of the address as text the database can take."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:200]


def crumbs_of(supplier: Supplier | None = None) -> list[tuple[str, str]]:
    """Return the way to a page about a supplier, or to one of the list."""
    way = [("Suppliers", reverse("suppliers:supplier_list"))]
    return [*way, (supplier.name, reverse("suppliers:supplier_detail", args=[supplier.id]))] if supplier else way


def who_sees(schools: list[str]) -> str:
    """Return who reads a note of a member who works at these schools, in one plain sentence."""
    if not schools:
        return "Only you see this. It is never shared."
    if len(schools) > 1:
        return "Only you and your colleagues at that school see this. It is never shared."
    return f"Only you and your colleagues at {schools[0]} see this. It is never shared."


def status_of(form: Form) -> int:
    """Return 422 for a form that was refused."""
    return 422 if form.is_bound and form.errors else 200


def fill_errors(form: Form, error: SupplierError) -> None:
    """Put a service's refusal beside the field it is about."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def said_rows(request: HttpRequest, supplier: Supplier, said: Iterable[Said]) -> list[dict[str, Any]]:
    """Return what components/recommendation.html draws of each."""
    return [
        {
            "said": each,
            "id": f"recommendation-{each.id}",
            "who": "You" if each.is_mine else each.who,
            "text": render_markdown(each.text),
            "marks": [("Response", each.response), ("Quality", each.quality), ("Value", each.value)],
            "actions": _actions(request, supplier, each),
        }
        for each in said
    ]


def said_views(request: HttpRequest, supplier: Supplier, said: list[Said], show: str) -> list[dict[str, Any]]:
    """Return the views of what schools say, each with its count; those that would show nothing are left out."""
    phase = request.member.headline_phase
    counts = {
        RecommendationView.ALL: len(said),
        RecommendationView.HERE: _count_here(said),
        RecommendationView.LIKE_YOURS: sum(each.phase == phase for each in said) if phase else 0,
        RecommendationView.NOT_AGAIN: sum(not each.would_use_again for each in said),
    }
    here = short_network(request.network.name)
    url = reverse("suppliers:supplier_detail", args=[supplier.id])
    return [
        {
            "label": here if view == RecommendationView.HERE else view.label,
            "url": f"{url}?{urlencode({'show': view.value})}" if view.value else url,
            "current": view.value == show,
            "count": count,
        }
        for view, count in counts.items()
        if count or view.value == show or view == RecommendationView.ALL
    ]


def _count_here(said: list[Said]) -> int:
    """Recommendations of this network; none where all are, because the view would show the same as All."""
    here = sum(each.origin_id is None for each in said)
    return 0 if here == len(said) else here


def _actions(request: HttpRequest, supplier: Supplier, said: Said) -> str:
    if said.publication_id:
        context: dict[str, Any] = {
            "collective": to_collective(request.network, f"/publications/{said.publication_id}/")
        }
    else:
        may_remove = said.is_mine or is_organiser(request.member)
        context = {"said": said, "may_remove": may_remove, "is_example": supplier.is_example}
    return render_to_string("suppliers/_recommendation_actions.html", context, request)
