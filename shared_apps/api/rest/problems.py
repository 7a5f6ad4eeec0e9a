"""Every error under /api/ as problem details (RFC 9457): `type`, `title`, `status`, `detail`, of fields `errors`."""

import json
import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from shared_apps.core.health import BACK_AFTER, BACK_SOON, has_lost_database

CONTENT_TYPE = "application/problem+json"

logger = logging.getLogger("django.request")


class ConflictError(exceptions.APIException):
    """What is asked for does not fit the present state."""

    status_code = HTTPStatus.CONFLICT
    default_detail = "This does not fit the present state. Read it again, then decide."
    default_code = "conflict"


@contextmanager
def conflict_on(*refusals: type[Exception]) -> Iterator[None]:
    """Answer what a service refuses, because of how the thing stands, as a 409 in its words."""
    try:
        yield
    except refusals as error:
        raise ConflictError(str(error)) from error


class TooLargeError(exceptions.APIException):
    """The body is larger than the API takes."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is too large."
    default_code = "too_large"


def problem(status: int, detail: str = "", *, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """Return a problem; `errors` name the fields by JSON pointer."""
    values: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status)}
    if detail:
        values["detail"] = detail
    return values | ({"errors": errors} if errors else {})


def problem_response(status: int, detail: str = "", **headers: str) -> HttpResponse:
    """Return a problem as Django's response, for what never reaches a resource."""
    body = json.dumps(problem(status, detail), ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)


def not_found(request: HttpRequest) -> HttpResponse:
    """Answer every path under /api/ that is no resource."""
    return problem_response(HTTPStatus.NOT_FOUND, "There is nothing at this address.")


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """Turn whatever a resource raised into a problem; what nobody expected is logged and answered 500."""
    set_rollback()
    known = _as_api_error(error)
    if known is None:
        return _unexpected(error, context["request"])
    detail, errors = _words(known)
    status = known.status_code
    return Response(
        problem(status, detail, errors=errors), status=status, headers=_headers(known), content_type=CONTENT_TYPE
    )


def _as_api_error(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound("There is nothing at this address.")
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(str(error) or None)
    if isinstance(error, RequestDataTooBig):
        return TooLargeError()
    return exceptions.ParseError() if isinstance(error, SuspiciousOperation) else None


def _words(error: exceptions.APIException) -> tuple[str, list[dict[str, str]] | None]:
    if isinstance(error, exceptions.ValidationError):
        return "Some values are not right.", list(_field_errors(error.detail, ""))
    if isinstance(error, exceptions.Throttled):
        return "Too many requests. Wait, then go on.", None
    if isinstance(error, exceptions.NotAuthenticated):
        return "Send a token: Authorization: Bearer …", None
    return str(error.detail), None


def _field_errors(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Yield each error with a JSON pointer to its value; errors of the whole body point at the root."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _field_errors(inner, pointer if name == "non_field_errors" else f"{pointer}/{_escape(name)}")
    elif isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        for index, inner in enumerate(detail):
            yield from _field_errors(inner, f"{pointer}/{index}")
    else:
        for words in detail if isinstance(detail, list) else [detail]:
            yield {"pointer": f"#{pointer}", "detail": str(words)}


def _escape(name: Any) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(error.wait))
    return headers


def _unexpected(error: Exception, request: Any) -> Response:
    plain = getattr(request, "_request", request)
    if has_lost_database(error):
        body = problem(HTTPStatus.SERVICE_UNAVAILABLE, BACK_SOON)
        return Response(body, status=body["status"], headers={"Retry-After": BACK_AFTER}, content_type=CONTENT_TYPE)
    got_request_exception.send(sender=type(error), request=plain)
    logger.error("Internal Server Error: %s", plain.path, exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    words = "Something went wrong on our side. It has been noted."
    return Response(problem(status, words), status=status, content_type=CONTENT_TYPE)
