"""The pages of tags, for organisers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shared_apps.core.fields import status_of
from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.forms import TagForm
from tenant_apps.discussions.views.drawing import list_url, manage_crumb
from tenant_apps.members.permissions import organiser_required


@require_safe
@organiser_required
def tag_list(request: HttpRequest) -> HttpResponse:
    """Show every tag, with how many discussions have it."""
    tags = [
        {"tag": tag, "count": count, "url": list_url({"tag": tag.name})} for tag, count in selectors.tags_with_counts()
    ]
    return render(request, "discussions/tag_list.html", {"tags": tags, "crumbs": [manage_crumb()]})


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def tag_edit(request: HttpRequest, tag_id: UUID) -> HttpResponse:
    """Spell a tag differently, make it one with another, or take it away."""
    tag = found_or_404(selectors.get_tag(tag_id))
    if request.method == "POST" and "remove" in request.POST:
        services.remove_tag(tag, by=request.member)
        say(request, "The tag is gone from every discussion.")
        return redirect("discussions:tag_list")
    form = TagForm(request.POST or None, initial={"name": tag.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_tag(tag, name=form.cleaned_data["name"], by=request.member)
        except services.DiscussionError as error:
            form.add_error("name", str(error))
        else:
            return redirect("discussions:tag_list")
    crumbs = [manage_crumb(), ("Tags", reverse("discussions:tag_list"))]
    context = {"form": form, "tag": tag, "known_tags": selectors.tag_names(), "crumbs": crumbs}
    return render(request, "discussions/tag_form.html", context, status=status_of(form))
