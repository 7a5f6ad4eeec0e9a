"""What an answer says, whole: status, headers, cookies, body; and how two of them are compared."""

import re
from collections.abc import Iterable
from difflib import ndiff

from django.http import HttpResponse

from tests.isolation import rows
from tests.isolation.canaries import private_words
from tests.isolation.world import Place, World

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CSRF = re.compile(r'(name="csrfmiddlewaretoken" value=")\w+')
_TIMES = re.compile(
    r"(Set-Cookie: \w+=)[^;]*|(expires=)[^;]*|(Expires: |Content-Length: |X-Request-Id: ).*", re.IGNORECASE
)


def whole(response: HttpResponse) -> str:
    """Return everything a browser gets."""
    head = "".join(f"{name}: {value}\n" for name, value in response.items())
    return f"{response.status_code}\n{head}{response.cookies.output()}\n{body(response)}"


def body(response: HttpResponse) -> str:
    """Return the body as text."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace")


def normal(response: HttpResponse, ids: Iterable[str]) -> str:
    """Return an answer without what differs from one request to the next, and without the ids asked for."""
    text = _TIMES.sub(r"\1\2\3", _CSRF.sub(r"\1", whole(response)))
    for each in ids:
        text = text.replace(each, "ID")
    return text


class Spy:
    """Knows what must not be seen of a network outside it."""

    def __init__(self, world: World, place: Place) -> None:
        self._words = private_words(place.name)
        self._ids = rows.ids(place.schema) - rows.ids("collective") - {str(world.both.pk)}
        self._ids |= {str(account.pk) for account in place.accounts.values() if account.pk != world.both.pk}

    def finds(self, text: str, *, except_for: Iterable[str] = ()) -> set[str]:
        """Return the private words and ids in a text, but for those that the reader sent or owns."""
        for each in except_for:
            text = text.replace(each, "")
        return {match.group() for match in self._words.finditer(text)} | (set(_UUID.findall(text)) & self._ids)


def difference(one: str, other: str) -> str:
    """Return the lines in which two answers differ."""
    return "\n".join(line for line in ndiff(one.splitlines(), other.splitlines()) if line[:1] in "+-")
