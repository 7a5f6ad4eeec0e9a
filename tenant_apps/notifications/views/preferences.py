"""The page where members choose what they are told of, how and when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from shared_apps.core.flash import say
from shared_apps.mail.selectors import paused_addresses, recipient_of
from tenant_apps.members.permissions import member_required
from tenant_apps.notifications import services
from tenant_apps.notifications.adapters import topics
from tenant_apps.notifications.forms import PreferencesForm, initial_of


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Show what the member chose, and save it."""
    offered = topics()
    if request.method == "POST":
        form = PreferencesForm(request.POST, topics=offered)
        if form.is_valid():
            services.save_wishes(request.member, form.wishes())
            say(request, "Saved.")
            return redirect("notifications:preferences")
    else:
        chosen = services.wishes_of(request.member)
        initial = initial_of(chosen, recipient_of(request.member.account_id), offered)
        form = PreferencesForm(initial=initial, topics=offered)
    paused = paused_addresses([request.member.email])
    context = {"form": form, "paused": paused, "crumbs": [("Inbox", "/inbox/")]}
    return render(request, "notifications/preferences.html", context, status=422 if form.errors else 200)


@require_POST
@member_required
def address_resume(request: HttpRequest) -> HttpResponse:
    """Send email to the member's address again."""
    services.use_address_again(request.member)
    say(request, f"We send email to {request.member.email} again.")
    return redirect("notifications:preferences")
