"""What somebody typed into a form that cannot be taken: it is shown to them, so that nothing typed is lost."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

_TEXTS = ("title", "tags", "body", "text", "description", "response", "reason", "message")


def typed_words(request: HttpRequest) -> list[str]:
    """Return the texts of a form that a page of this very site sent; another site's words are never shown as theirs."""
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") == _here(request)
    return [text for name in _TEXTS if (text := request.POST.get(name, "").strip())] if is_ours else []


def signed_out_while_writing(request: HttpRequest, words: list[str]) -> HttpResponse:
    """Show what somebody sent after their session had ended, and the way to sign in and back to the form's page."""
    return _not_posted(request, words, "errors/signed_out.html", "/sign-in/")


def unproved_while_writing(request: HttpRequest, words: list[str], *, proof: str) -> HttpResponse:
    """Show what somebody sent before their second step, and the way to that page and back to the form's."""
    return _not_posted(request, words, "errors/unproved.html", proof)


def _not_posted(request: HttpRequest, words: list[str], template: str, through: str) -> HttpResponse:
    page = urlsplit(request.headers.get("Referer", ""))
    is_ours = f"{page.scheme}://{page.netloc}" == _here(request)
    path = page._replace(scheme="", netloc="").geturl() if is_ours else request.get_full_path()
    return render(request, template, {"words": words, "url": f"{through}?{urlencode({'next': path})}"}, status=403)


def _here(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
