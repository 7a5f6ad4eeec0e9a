"""The API's description for programs and for people, and the end of every address under /api/ that is no resource."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from shared_apps.api.rest import openapi, problems


@csrf_exempt
def index(request: HttpRequest) -> HttpResponse:
    """Say where to read on."""
    if request.method not in ("GET", "HEAD"):
        return _only_get()
    return JsonResponse({"docs": _absolute(request, "docs"), "schema": _absolute(request, "schema")})


@csrf_exempt
def schema(request: HttpRequest) -> HttpResponse:
    """Answer the OpenAPI description of this kind of host; there is nothing secret in it."""
    if request.method not in ("GET", "HEAD"):
        return _only_get()
    return JsonResponse(openapi.schema_of(request.site_kind), json_dumps_params={"ensure_ascii": False})


@csrf_exempt
def docs(request: HttpRequest) -> HttpResponse:
    """Show the same description as a page."""
    if request.method not in ("GET", "HEAD"):
        return _only_get()
    described = openapi.schema_of(request.site_kind)
    values = {"title": described["info"]["title"], "groups": openapi.operations_of(described)}
    return render(request, "api/docs.html", values)


@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponse:
    """Answer that there is nothing here."""
    return problems.not_found(request)


def _only_get() -> HttpResponse:
    return problems.problem_response(405, "Only GET and HEAD work here.", Allow="GET, HEAD")


def _absolute(request: HttpRequest, name: str) -> str:
    return request.build_absolute_uri(reverse(f"api:{name}"))
