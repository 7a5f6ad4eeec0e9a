"""Answers the health checks before anything looks at the host."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from shared_apps.core import health


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


def _answer(content: dict[str, str], status: int) -> JsonResponse:
    response = JsonResponse(content, status=status, headers={"Cache-Control": "no-store"})
    response._has_been_logged = True  # "not yet" is an answer, not an error for the log
    return response
