"""The lean pages that the product's are compared with, on the product's tables.

Django with sessions, authentication, CSRF, the ORM and one template: no networks, no menu, no permission check, no
unread marks. The schema is set beforehand.
"""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.test import Client, override_settings
from django.urls import path

from shared_apps.accounts.models import Session
from shared_apps.accounts.sessions import SessionStore as ProductStore
from shared_apps.core import markdown
from tenant_apps.discussions.models import Discussion

BACKEND = "django.contrib.auth.backends.ModelBackend"
MIDDLEWARE = [
    "tests.benchmarks.lean.use_lean_urls",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
PAGE_SIZE = 20

render_anew = markdown._rendered.__wrapped__  # a lean page remembers nothing


class SessionStore(DatabaseStore):
    """Django's own, on the product's table."""

    @classmethod
    def get_model_class(cls) -> type:
        """Return the model that Django's store reads and writes."""
        return Session


def lean_handler() -> WSGIHandler:
    """Return a WSGI application of the lean pages."""
    with override_settings(MIDDLEWARE=MIDDLEWARE, SESSION_ENGINE="tests.benchmarks.lean"):
        return WSGIHandler()


def lean_cookies(client: Client) -> str:
    """Return the header of a session of the same person, whom Django's own backend looks up."""
    name = settings.SESSION_COOKIE_NAME
    known = ProductStore(client.cookies[name].value)
    session = ProductStore()
    session.update(dict(known.items()) | {BACKEND_SESSION_KEY: BACKEND})
    session.create()
    return f"{name}={session.session_key}"


def use_lean_urls(get_response):
    """Middleware: the urls below, whatever the settings say."""

    def respond(request: HttpRequest) -> HttpResponse:
        request.urlconf = "tests.benchmarks.lean"
        return get_response(request)

    return respond


@login_required
def discussion_list(request: HttpRequest) -> HttpResponse:
    """Twenty rows."""
    found = Discussion.objects.select_related("author", "category").order_by("-last_activity_at", "-id")
    return render(
        request, "lean/discussion_list.html", {"rows": found[:PAGE_SIZE], "total": Discussion.objects.count()}
    )


@login_required
def discussion_detail(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """A discussion and its replies."""
    discussion = get_object_or_404(Discussion.objects.select_related("author", "category"), id=discussion_id)
    replies = list(discussion.replies.select_related("author").order_by("created_at"))
    for post in (discussion, *replies):
        post.html = render_anew(post.body)
    return render(request, "lean/discussion_detail.html", {"discussion": discussion, "replies": replies})


urlpatterns = [
    path("discussions/", discussion_list),
    path("discussions/<uuid:discussion_id>/", discussion_detail, name="lean_detail"),
]
