"""`Idempotency-Key`: a POST that is sent again, because nobody heard the answer, is not done again.

The key is claimed, the work done and the answer's status and id kept in one transaction, so that all of it is there or
none. What is answered again is read afresh, by `Resource.replay`: nothing of a network is kept outside of it. A request
that was refused has changed nothing and is kept nowhere; sending it again tries again.

What was asked for is kept as a hash keyed with SECRET_KEY, because words are few enough to be guessed from a plain one.
Under a new SECRET_KEY a repeat is refused as another request, and not done twice: the hash of the key is plain.
"""

import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api import services
from shared_apps.api.models import IdempotentCall
from shared_apps.api.rest.problems import ConflictError

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
LONGEST_KEY = 255
_SECONDS = 1
Handler = Callable[..., Response]


class StillRunningError(ConflictError):
    """The first request with this key has not ended."""

    default_detail = "The first request with this key is still running. Wait, then send it again."
    wait = _SECONDS


class OtherRequestError(APIException):
    """The key was used for something else."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "This key was sent with another request in the last 24 hours. Use a new key."


def answering_once(handler: Handler, *, replay: Handler) -> Handler:
    """Return a handler of POST that does its work once for each key; without a key it is the handler itself."""

    def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(request, *args, **kwargs)
        with transaction.atomic():
            call = _call_of(request, key)
            before = _claimed(call)
            if before is None:
                return _work(call, handler, request, *args, **kwargs)
        return _answer_again(before, replay, request, **kwargs)

    return answer


def answering_once_afterwards(handler: Handler, *, replay: Handler) -> Handler:
    """Return the same for work that enters other schemas, which no transaction may be open for.

    The key is kept when the work is done: a process that dies between leaves it to be done again, so it must be of a
    kind that finds its own work done.
    """

    def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(request, *args, **kwargs)
        call = _call_of(request, key)
        with transaction.atomic():
            before = _claimed(call)
        if before is not None:
            return _answer_again(before, replay, request, **kwargs)
        response = handler(request, *args, **kwargs)
        with transaction.atomic():
            if _claimed(call) is None:
                services.keep_call(call, status=response.status_code, resource_id=_id_in(response))
        return response

    return answer


def _work(call: services.Call, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> Response:
    response = handler(request, *args, **kwargs)
    services.keep_call(call, status=response.status_code, resource_id=_id_in(response))
    return response


def _answer_again(before: IdempotentCall, replay: Handler, request: Request, **kwargs: Any) -> Response:
    empty = before.status == HTTPStatus.NO_CONTENT
    response = Response() if empty else replay(request, before.resource_id, **kwargs)
    response.status_code = before.status
    response[REPLAYED] = "true"
    return response


def _claimed(call: services.Call) -> IdempotentCall | None:
    try:
        return services.claim_call(call, now=timezone.now())
    except services.CallRunningError as error:
        raise StillRunningError from error
    except services.KeyUsedError as error:
        raise OtherRequestError from error


def _call_of(request: Request, key: str) -> services.Call:
    if not 1 <= len(key) <= LONGEST_KEY:
        raise ParseError(f"{HEADER} has 1 to {LONGEST_KEY} characters.")
    return services.Call(
        token_id=request.auth.pk,
        host=request.get_host().lower(),
        key_hash=_hash(key.encode()),
        request_hash=salted_hmac(__name__, _hash(*_parts_of(request)), algorithm="sha256").hexdigest(),
    )


def _parts_of(request: Request) -> list[bytes]:
    """Return the address and what is sent, without what differs when it is sent again: the boundaries of an upload."""
    address = f"{request.get_full_path()}\n".encode()
    if not request.content_type.startswith("multipart/"):
        return [address, request.body]
    sent = cast("QueryDict", request.data)
    fields = {name: [_part(each) for each in sent.getlist(name)] for name in sorted(sent)}
    return [address, json.dumps(fields).encode()]


def _part(value: str | UploadedFile) -> str | list[str]:
    if isinstance(value, str):
        return value
    content = _hash(*value.chunks())
    value.seek(0)
    return [value.name or "", content]


def _hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _id_in(response: Response) -> UUID | None:
    data = getattr(response, "data", None)  # a file has none
    made = data.get("id") if isinstance(data, dict) else None
    return UUID(str(made)) if made else None
