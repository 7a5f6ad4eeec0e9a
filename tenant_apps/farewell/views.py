"""What members read of the closing, and the owners' pages: announcing it and taking it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from shared_apps.closing import selectors as closings
from shared_apps.closing.forms import CARDS, ClosingForm
from shared_apps.closing.models import Closing
from shared_apps.closing.services import ClosingError, Plan
from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from shared_apps.core.when import long_day
from tenant_apps.farewell import selectors, services
from tenant_apps.farewell.messages import KEPT, WITHDRAWN, day
from tenant_apps.members.permissions import member_required, owner_required, proof_required
from tenants.selectors import host_of, url_of


@require_safe
@member_required
def notice(request: Any) -> HttpResponse:
    """Say to every member what happens when and what they can do, or that nothing closes."""
    closing = closings.open_closing(request.network)
    if closing is None:
        return render(request, "farewell/goes_on.html")
    context = {
        "closing": closing,
        "words": selectors.words_of(closing),
        "asker": selectors.asker_of(closing),
        "choice": KEPT if closing.keeps_publications else WITHDRAWN,
        "steps": _steps(closing),
        "kept_url": url_of(host_of(None), "/kept/"),
        "has_come": closing.has_come(timezone.now()),
    }
    return render(request, "farewell/notice.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
@proof_required
def manage(request: Any) -> HttpResponse:
    """Announce that the network closes, after a look at what was chosen; later, see how far it is."""
    if closings.open_closing(request.network) is not None:
        return redirect("farewell:notice")
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "confirmed" in request.POST and _announced(request, form):
            say(request, "Announced. Every member is told by email.")
            return redirect("farewell:notice")
        if not form.errors and not _refused(form):
            return render(request, "farewell/confirm.html", {"form": form, "answers": _answers(form)})
    context = {
        "form": form,
        "cards": CARDS,
        "notice_days": closings.NOTICE.days,
        "reading_days": closings.READ_ONLY.days,
        "crumbs": [("Organise", reverse("members:manage"))],
    }
    return render(request, "farewell/manage.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
@proof_required
def stop(request: Any) -> HttpResponse:
    """Ask, then take it back."""
    if request.method != "POST":
        return render(request, "farewell/stop.html", {"closing": closings.open_closing(request.network)})
    try:
        services.call_off(now=timezone.now(), by=request.member)
        say(request, "Taken back. Every member is told by email.")
    except ClosingError as error:
        say(request, str(error), level=messages.ERROR)
    return redirect("members:manage")


def _announced(request: Any, form: ClosingForm) -> bool:
    try:
        services.announce(Plan(**form.cleaned_data), now=timezone.now(), by=request.member)
    except ClosingError as error:
        form.add_error("closes_on", str(error))
        return False
    return True


def _refused(form: ClosingForm) -> bool:
    """Whether the service would refuse the day, so that it is said before the last question."""
    try:
        closings.check_day(form.cleaned_data["closes_on"], timezone.now())
    except closings.DayError as error:
        form.add_error("closes_on", str(error))
        return True
    return False


def _answers(form: ClosingForm) -> list[dict[str, str]]:
    given, today = form.cleaned_data, timezone.localdate()
    keeps = given["keeps_publications"]
    gone = given["closes_on"] + closings.READ_ONLY
    return [
        {"question": "Members are told", "answer": "Today, by email"},
        {"question": "Can only be read from", "answer": long_day(given["closes_on"], today)},
        {"question": "Deleted on", "answer": long_day(gone, today)},
        {
            "question": "What was shared",
            "answer": dict(form.fields["keeps_publications"].choices)["keep" if keeps else "withdraw"],
        },
        {"question": "A word to the members", "answer": given["words"] or "None"},
    ]


def _steps(closing: Closing) -> list[tuple[str, str]]:
    return [
        ("Announced", f"{day(closing.asked_at)}, by {selectors.asker_of(closing)}"),
        ("Can only be read from", day(closing.closes_at)),
        ("Deleted on", day(closing.deletes_at)),
    ]
