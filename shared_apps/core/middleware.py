"""Answers the health checks before anything looks at the host; keeps our page for what is not there."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from shared_apps.core import health
from shared_apps.core.views import not_found


class HealthMiddleware:
    """`/healthz`: the process answers. `/readyz`: it can serve, or 503 with what is missing. On any host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the two paths and pass everything else on."""
        if request.path_info == "/healthz":
            return _answer({"process": "ok"}, 200)
        if request.path_info == "/readyz":
            wrong = health.failures()
            return _answer(wrong or {"ready": "ok"}, 503 if wrong else 200)
        return self.get_response(request)


class OwnNotFoundMiddleware:
    """In development, draws what production draws where Django would list every address instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace the answer to an address that leads nowhere."""
        response = self.get_response(request)
        return not_found(request) if response.status_code == 404 and request.resolver_match is None else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view that found nothing."""
        return not_found(request, exception) if isinstance(exception, Http404) else None


def _answer(content: dict[str, str], status: int) -> JsonResponse:
    response = JsonResponse(content, status=status, headers={"Cache-Control": "no-store"})
    response._has_been_logged = True  # "not yet" is an answer, not an error for the log
    return response
