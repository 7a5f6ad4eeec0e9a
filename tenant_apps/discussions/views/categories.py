"""The pages of categories, for organisers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shared_apps.core.fields import status_of
from shared_apps.core.finding import found_or_404
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.forms import CategoryEditForm, CategoryForm
from tenant_apps.discussions.models import Category
from tenant_apps.discussions.views.drawing import blame, email_address, manage_crumb
from tenant_apps.members.permissions import organiser_required


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def category_list(request: HttpRequest) -> HttpResponse:
    """Add, rename and archive categories."""
    form = CategoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _category_saved(form, request, None):
        return redirect("discussions:category_list")
    context = {"form": form, "categories": list(selectors.all_categories()), "crumbs": [manage_crumb()]}
    return render(request, "discussions/category_list.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def category_edit(request: HttpRequest, category_id: UUID) -> HttpResponse:
    """Rename a category, take it out of use, or back."""
    category = found_or_404(selectors.get_category(category_id))
    place = list(selectors.all_categories().values_list("id", flat=True)).index(category.id) + 1
    form = CategoryEditForm(request.POST or None, initial=CategoryEditForm.initial_of(category, place=place))
    if request.method == "POST" and "archive" in request.POST:
        return _archive(request, category, form)
    if request.method == "POST" and form.is_valid() and _category_saved(form, request, category):
        return redirect("discussions:category_list")
    return _category_page(request, category, form)


def _category_saved(form: CategoryForm, request: HttpRequest, category: Category | None) -> bool:
    try:
        facts = form.facts() if isinstance(form, CategoryEditForm) else None
        services.save_category(name=form.cleaned_data["name"], category=category, facts=facts, by=request.member)
    except services.DiscussionError as error:
        blame(form, error)
    return form.is_valid()


def _archive(request: HttpRequest, category: Category, form: CategoryForm) -> HttpResponse:
    is_archived = request.POST["archive"] == "true"
    try:
        services.archive_category(category, is_archived=is_archived, by=request.member)
    except services.DiscussionError as error:
        blame(form, error)
        return _category_page(request, category, form)
    return redirect("discussions:category_list")


def _category_page(request: HttpRequest, category: Category, form: CategoryForm) -> HttpResponse:
    crumbs = [manage_crumb(), ("Categories", reverse("discussions:category_list"))]
    address = email_address(category, request)
    context = {"form": form, "category": category, "crumbs": crumbs, "address": address}
    return render(request, "discussions/category_form.html", context, status=status_of(form))
