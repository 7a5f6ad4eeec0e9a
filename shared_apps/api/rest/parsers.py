"""What may be sent: JSON, of a bounded size and depth, whose texts the database can hold."""

import json
from typing import Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from shared_apps.api.rest.problems import TooLargeError

NOT_STORABLE = "Text may not hold NUL or half of a surrogate pair."


class JSONParser(BaseParser):
    """Reads UTF-8 JSON strictly."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the body; raises ParseError, or TooLargeError over settings.DATA_UPLOAD_MAX_MEMORY_SIZE."""
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLargeError
        try:
            value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except (ValueError, RecursionError) as error:
            raise ParseError("The body is not JSON in UTF-8.") from error
        if "\\u0000" in body.decode("utf-8") and _holds_nul(value):
            raise ParseError(NOT_STORABLE)
        return value


def refuse_unstorable(text: str) -> None:
    """Raise ParseError for text that the database cannot hold."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ParseError(NOT_STORABLE)


def _holds_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_nul(name) or _holds_nul(inner) for name, inner in value.items())
    if isinstance(value, list):
        return any(map(_holds_nul, value))
    return isinstance(value, str) and "\x00" in value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON.")
