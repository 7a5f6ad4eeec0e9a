"""The network's colour: the style sheet every page links, and the page that changes it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from tenant_apps.members import colours, selectors, services
from tenant_apps.members.forms import BrandingForm
from tenant_apps.members.permissions import organiser_required

_YEAR = 31_536_000
_SHORT = 60


@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """The network's colour as a style sheet; only the address with the colour of this moment is kept for a year.

    Another process may remember the colour of some seconds ago, and must not let a browser keep that one.
    """
    colour = colours.normalise(request.network.colour)
    response = _style_sheet(f":root {{ --network: {colour} }}\n")
    current = request.GET.get("v") == colour.removeprefix("#")
    patch_cache_control(
        response, public=True, max_age=_YEAR if current else _SHORT, **{"immutable": True} if current else {}
    )
    return response


@require_safe
@organiser_required
def branding_preview(request: HttpRequest) -> HttpResponse:
    """A colour for the parts of a page that show what it would look like."""
    try:
        colour = colours.normalise(request.GET.get("colour", ""))
    except colours.ColourError as error:
        return HttpResponseBadRequest(str(error), content_type="text/plain; charset=utf-8")
    return _style_sheet(f".theme-preview {{ --network: {colour}; overflow: hidden }}\n")


@require_http_methods(["GET", "POST"])
@organiser_required
def branding(request: HttpRequest) -> HttpResponse:
    """Change colour and words; “Show it” draws a colour without saving it."""
    kept = selectors.branding_of(request.network)
    initial = {"colour": kept.colour, "tagline": kept.tagline, "welcome": kept.welcome}
    form = BrandingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        return _save(request, form)
    colour = form.cleaned_data.get("colour", kept.colour) if form.is_bound else kept.colour
    context = {
        "crumbs": [("Organise", reverse("members:manage"))],
        "form": form,
        "colour": colour,
        "contrast": colours.contrast_of(colour),
        "preview_css": f"{reverse('members:branding_preview')}?colour={colour.removeprefix('#')}",
    }
    return render(request, "members/branding_form.html", context, status=status_of(form))


def _save(request: HttpRequest, form: BrandingForm) -> HttpResponse:
    try:
        services.update_branding(**form.cleaned_data, by=request.member)
    except services.NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    say(request, "Saved. Every page has the new look.")
    return redirect("members:branding")


def _style_sheet(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/css; charset=utf-8")
