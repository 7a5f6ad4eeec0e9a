"""Error pages, and in development the gallery of components."""

import sys

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone

from shared_apps.core.forms import SampleForm
from shared_apps.core.gallery import samples
from shared_apps.core.health import BACK_AFTER, BACK_SOON, has_lost_database
from shared_apps.core.typed import typed_words


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handle a request that could not be read."""
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handle a refusal; PermissionDenied's words, when it has some, are shown."""
    return render(request, "errors/403.html", {"reason": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handle an address with nothing behind it, or with something this person may not know of."""
    return render(request, "errors/404.html", status=404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handle a person who passed a limit."""
    return render(request, "errors/429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Handle our own mistake: without request, session or database, since any of them may have failed."""
    if has_lost_database(sys.exception()):
        return _back_soon(request)
    return HttpResponse(loader.get_template("errors/500.html").render(), status=500)


def _back_soon(request: HttpRequest) -> HttpResponse:
    """Say that the database is away, as in the seconds in which it is started again; programs are told when to ask."""
    headers = {"Retry-After": BACK_AFTER}
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": BACK_SOON}
        return JsonResponse(body, status=503, headers=headers, content_type="application/problem+json")
    page = loader.get_template("errors/503.html").render({"path": request.path})
    return HttpResponse(page, status=503, headers=headers)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Handle a form whose token is missing or old."""
    return render(request, "errors/csrf.html", {"back": request.path, "words": typed_words(request)}, status=403)


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in light and dark; only in development."""
    if not settings.DEBUG:
        raise Http404
    bad = SampleForm({"date": "31 8 2027", "email": "priya@"}, auto_id="bad_%s")
    forms = {"sample": SampleForm(), "bad": bad, "report": SampleForm(auto_id="report_%s")}
    return render(request, "dev/components.html", samples(timezone.now()) | forms)
