"""Pages of recommendations: make one, change it, remove it, and the way to where it stands."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shared_apps.core.flash import say
from tenant_apps.members.permissions import member_required
from tenant_apps.members.selectors import current_posting
from tenant_apps.sharing.enums import ShareState
from tenant_apps.sharing.selectors import shared_item
from tenant_apps.suppliers import selectors, services
from tenant_apps.suppliers.enums import SHARE_KIND
from tenant_apps.suppliers.forms import RecommendationForm
from tenant_apps.suppliers.models import Recommendation, Supplier
from tenant_apps.suppliers.permissions import can_edit_recommendation, can_recommend, can_remove_recommendation
from tenant_apps.suppliers.views.parts import crumbs_of, fill_errors, recommendation_or_404, status_of, supplier_or_404
from tenant_apps.suppliers.views.suppliers import SAID_PAGE_SIZE

_SEEN_HERE = "Members of this network see this with your name. You can share it with every network afterwards."
_MADE_UP = "Members of this network see this with your name. The supplier is an example, so it cannot be shared."
_SEEN_ELSEWHERE = "Members of this network see this. It is shared, so other networks see the change too."


@require_GET
@member_required
def recommendation_detail(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """Go to the place on the supplier's page where it stands."""
    recommendation = recommendation_or_404(request, recommendation_id)
    said = selectors.said_of(recommendation.supplier, request.member)
    place = next((number for number, each in enumerate(said) if each.id == recommendation.id), 0)
    page = place // SAID_PAGE_SIZE + 1
    tail = f"?page={page}" if page > 1 else ""
    return redirect(f"{_supplier_url(recommendation.supplier_id)}{tail}#recommendation-{recommendation.id}")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def recommendation_new(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """Say what one's school thinks of a supplier; who has done so already changes that."""
    supplier = supplier_or_404(supplier_id)
    if not can_recommend(request.member, supplier):
        raise Http404
    existing = selectors.recommendation_by(request.member, supplier)
    if existing:
        return _to_edit(request, existing)
    initial = RecommendationForm.initial_for(current_posting(request.member))
    form = RecommendationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = _recommended(form, supplier, request)
        if done:
            return done
    context = {
        "form": form,
        "supplier": supplier,
        "crumbs": crumbs_of(supplier),
        "heading": f"Recommend {supplier.name}",
        "who": _MADE_UP if supplier.is_example else _SEEN_HERE,
    }
    return render(request, "suppliers/recommendation_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def recommendation_edit(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """Change what one said."""
    recommendation = recommendation_or_404(request, recommendation_id)
    if not can_edit_recommendation(request.member, recommendation):
        raise Http404
    form = RecommendationForm(request.POST or None, initial=RecommendationForm.initial_of(recommendation))
    if request.method == "POST" and form.is_valid() and _edited(form, recommendation, request):
        shared = " Other networks see it as it is now." if recommendation.is_shared else ""
        say(request, f"Saved.{shared}")
        return redirect("suppliers:recommendation_detail", recommendation.id)
    supplier = recommendation.supplier
    context = {"form": form, "supplier": supplier, "recommendation": recommendation, "crumbs": crumbs_of(supplier)}
    context["who"] = _SEEN_ELSEWHERE if recommendation.is_shared else _SEEN_HERE
    return render(request, "suppliers/recommendation_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def recommendation_remove(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """Ask, then remove it; a shared one is withdrawn first."""
    recommendation = recommendation_or_404(request, recommendation_id)
    if not can_remove_recommendation(request.member, recommendation):
        raise Http404
    if request.method == "POST":
        was_shared = recommendation.is_shared
        services.remove_recommendation(recommendation, by=request.member)
        say(request, "Withdrawn and removed. No other network can see it now." if was_shared else "Removed.")
        return redirect("suppliers:supplier_detail", recommendation.supplier_id)
    return render(request, "suppliers/recommendation_remove.html", _asking(request, recommendation))


def _to_edit(request: HttpRequest, recommendation: Recommendation) -> HttpResponse:
    say(request, "You have recommended this supplier already. Here is what you said.")
    return redirect("suppliers:recommendation_edit", recommendation.id)


def _recommended(form: RecommendationForm, supplier: Supplier, request: HttpRequest) -> HttpResponse | None:
    try:
        recommendation = services.recommend(supplier, **form.cleaned_data, by=request.member)
    except services.AlreadyRecommendedError as error:
        return _to_edit(request, error.recommendation)
    except services.SupplierError as error:
        fill_errors(form, error)
        return None
    if "share" in request.POST and not supplier.is_example:
        say(request, "Members of this network can see it now. Below is what other networks would see.")
        return redirect("sharing:share", "recommendations", recommendation.id)
    say(request, "Thank you. Members of this network can see it now.")
    return redirect("suppliers:recommendation_detail", recommendation.id)


def _edited(form: RecommendationForm, recommendation: Recommendation, request: HttpRequest) -> bool:
    try:
        services.edit_recommendation(recommendation, **form.cleaned_data, by=request.member)
    except services.SupplierError as error:
        fill_errors(form, error)
    return form.is_valid()


def _asking(request: HttpRequest, recommendation: Recommendation) -> dict:
    """What the page that asks must say: whose it is, and what happens to what others see."""
    item = shared_item(SHARE_KIND, recommendation.id)
    return {
        "recommendation": recommendation,
        "supplier": recommendation.supplier,
        "is_mine": recommendation.author_id == request.member.id,
        "title": "Withdraw and remove this recommendation?"
        if recommendation.is_shared
        else "Remove this recommendation?",
        "yes": "Withdraw and remove" if recommendation.is_shared else "Remove recommendation",
        "is_waiting": item is not None and item.state == ShareState.AWAITING_APPROVAL,
        "back": _supplier_url(recommendation.supplier_id),
    }


def _supplier_url(supplier_id: UUID) -> str:
    return reverse("suppliers:supplier_detail", args=[supplier_id])
