"""Pages of the directory: the list, one supplier, adding, correcting and archiving one."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared_apps.core.flash import say
from shared_apps.core.markdown import excerpt
from tenant_apps.members.permissions import is_organiser, member_required, organiser_required, writer_required
from tenant_apps.suppliers import selectors, services
from tenant_apps.suppliers.enums import ListOrder, RecommendationView
from tenant_apps.suppliers.forms import SupplierForm
from tenant_apps.suppliers.matching import website_host
from tenant_apps.suppliers.models import Supplier
from tenant_apps.suppliers.permissions import can_archive_supplier, can_recommend
from tenant_apps.suppliers.selectors import Said
from tenant_apps.suppliers.views.parts import (
    crumbs_of,
    fill_errors,
    said_rows,
    said_views,
    status_of,
    supplier_or_404,
    text_of,
    who_sees,
)
from tenants.selectors import to_collective

PAGE_SIZE = 20
SAID_PAGE_SIZE = 20
NOTES_SHOWN = 3


@require_GET
@member_required
def supplier_list(request: HttpRequest) -> HttpResponse:
    """Show the suppliers of this network, what most schools recommend first."""
    organises = is_organiser(request.member)
    archived = request.GET.get("show") == "archived" and organises
    search, category, sort = (text_of(request, name) for name in ("q", "category", "sort"))
    found = selectors.suppliers(search=search, category=category, order=sort, archived=archived)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "cards": [_card(each) for each in page],
        "search": search,
        "category": category,
        "sort": sort,
        "archived": archived,
        "crumbs": crumbs_of(),
        "categories": selectors.categories(),
        "archived_count": selectors.count_archived() if organises else 0,
        "views": _orders(search, category, sort),
        "keep": [(name, value) for name, value in (("category", category), ("sort", sort)) if value],
        "add_url": f"{reverse('suppliers:supplier_new')}{'?' + urlencode({'name': search}) if search else ''}",
    }
    return render(request, "suppliers/supplier_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@writer_required
def supplier_new(request: HttpRequest) -> HttpResponse:
    """Add a supplier; one that may stand here already is offered first."""
    initial = {"name": text_of(request, "name")[:120]}
    form = SupplierForm(request.POST or None, initial=initial, categories=selectors.categories())
    context: dict[str, Any] = {"form": form, "crumbs": crumbs_of()}
    if request.method == "POST" and form.is_valid():
        context["alike"] = [] if "anyway" in request.POST else _alike(form)
        supplier = None if context["alike"] else _added(form, request, context)
        if supplier:
            say(request, "Added. Say what your school thinks of them.")
            return redirect("suppliers:supplier_detail", supplier.id)
    return render(request, "suppliers/supplier_form.html", context, status=status_of(form))


@require_GET
@member_required
def supplier_detail(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """Show one supplier with what schools say, and the notes this member may read."""
    supplier, member, show = supplier_or_404(supplier_id), request.member, text_of(request, "show")
    said = selectors.said_of(supplier, member)
    page = Paginator(_shown(said, show, member.headline_phase), SAID_PAGE_SIZE).get_page(request.GET.get("page"))
    figures = selectors.figures_of(said)
    context = {
        "supplier": supplier,
        "crumbs": _crumbs(supplier),
        "facts": render_to_string("suppliers/_facts.html", {"supplier": supplier}, request),
        "figures": figures,
        "gathered_url": to_collective(
            request.network, f"/suppliers/{quote(selectors.collective_key(supplier), safe='')}/"
        ),
        "scores": [("Response", figures.response), ("Quality", figures.quality), ("Value", figures.value)],
        "page": page,
        "said": said_rows(request, supplier, page),
        "views": said_views(request, supplier, said, show),
        "mine": next((each for each in said if each.is_mine), None),
        "can_recommend": can_recommend(member, supplier),
        "recommend_url": reverse("suppliers:recommendation_new", args=[supplier.id]),
        "can_archive": can_archive_supplier(member),
        **_notes(request, supplier),
    }
    return render(request, "suppliers/supplier_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def supplier_edit(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """Correct a supplier."""
    supplier = supplier_or_404(supplier_id)
    initial = SupplierForm.initial_of(supplier)
    form = SupplierForm(request.POST or None, initial=initial, categories=selectors.categories())
    context: dict[str, Any] = {"form": form, "supplier": supplier, "crumbs": crumbs_of(supplier)}
    if request.method == "POST" and form.is_valid() and _edited(form, supplier, request, context):
        say(request, "Saved.")
        return redirect("suppliers:supplier_detail", supplier.id)
    return render(request, "suppliers/supplier_form.html", context, status=status_of(form))


@require_POST
@organiser_required
def supplier_archive(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """Take a supplier out of the list; the message undoes it."""
    supplier = services.archive_supplier(supplier_or_404(supplier_id), is_archived=True, by=request.member)
    say(
        request,
        f"{supplier.name} is out of the list. What was said of it stays.",
        undo=reverse("suppliers:supplier_restore", args=[supplier.id]),
    )
    return redirect("suppliers:supplier_list")


@require_POST
@organiser_required
def supplier_restore(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """Bring an archived supplier back."""
    supplier = services.archive_supplier(supplier_or_404(supplier_id), is_archived=False, by=request.member)
    say(request, f"{supplier.name} is in the list again.")
    return redirect("suppliers:supplier_detail", supplier.id)


def _notes(request: HttpRequest, supplier: Supplier) -> dict[str, Any]:
    """The panel of private notes: the latest, how many there are, and who reads what is written now."""
    today = timezone.localdate()
    notes = selectors.notes(request.member, supplier, on=today)
    postings = selectors.current_postings(request.member, on=today)
    return {
        "notes": list(notes[:NOTES_SHOWN]),
        "note_count": notes.count(),
        "note_who": who_sees([each.school_name for each in postings if each.school_id]),
    }


def _card(supplier: Supplier) -> dict[str, Any]:
    """What components/supplier_card.html draws."""
    return {
        "url": reverse("suppliers:supplier_detail", args=[supplier.id]),
        "name": supplier.name,
        "mean": supplier.mean,
        "recommend": supplier.again_count,
        "categories": [category.name for category in supplier.categories.all()],
        "about": excerpt(supplier.shown_description, 140) if supplier.shown_description else "",
    }


def _orders(search: str, category: str, sort: str) -> list[dict[str, Any]]:
    """The list's orders as views, which keep what is searched for."""
    kept = {name: value for name, value in (("q", search), ("category", category)) if value}
    url = reverse("suppliers:supplier_list")
    known = sort if sort in ListOrder.values else ""
    return [
        {
            "label": order.label,
            "url": f"{url}?{urlencode({**kept, 'sort': order.value} if order.value else kept)}".rstrip("?"),
            "current": order.value == known,
        }
        for order in ListOrder
    ]


def _crumbs(supplier: Supplier) -> list[tuple[str, str]]:
    url = reverse("suppliers:supplier_list")
    first = [category.name for category in supplier.categories.all()][:1]
    return [*crumbs_of(), *((name, f"{url}?{urlencode({'category': name})}") for name in first)]


def _shown(said: list[Said], show: str, phase: str) -> list[Said]:
    if show == RecommendationView.HERE:
        return [each for each in said if each.origin_id is None]
    if show == RecommendationView.LIKE_YOURS and phase:
        return [each for each in said if each.phase == phase]
    if show == RecommendationView.NOT_AGAIN:
        return [each for each in said if not each.would_use_again]
    return said


def _alike(form: SupplierForm) -> list[dict[str, Any]]:
    """Return the suppliers this may be; the very same one is said by the service in its own words."""
    values = form.values()
    if selectors.same_supplier(values["name"], website_host(values["website"])):
        return []
    return [_card(each) for each in selectors.suppliers_alike(values["name"])]


def _added(form: SupplierForm, request: HttpRequest, context: dict[str, Any]) -> Supplier | None:
    try:
        return services.add_supplier(**form.values(), by=request.member)
    except services.SupplierError as error:
        _refused(form, error, context)
    return None


def _edited(form: SupplierForm, supplier: Supplier, request: HttpRequest, context: dict[str, Any]) -> bool:
    try:
        services.edit_supplier(supplier, **form.values(), by=request.member)
    except services.SupplierError as error:
        _refused(form, error, context)
    return form.is_valid()


def _refused(form: SupplierForm, error: services.SupplierError, context: dict[str, Any]) -> None:
    fill_errors(form, error)
    if isinstance(error, services.AlreadyListedError):
        context["same"] = _card(selectors.get_supplier(error.supplier.id) or error.supplier)
