"""Messages on the next page, with an Undo where what was done can be undone."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest

KINDS = {"success": "good", "info": "note", "debug": "note", "warning": "warn", "error": "bad"}


@dataclass(frozen=True, slots=True)
class Flash:
    """One message as components/flash.html draws it; the action is a POST to `url`."""

    kind: str
    text: str
    url: str = ""
    label: str = ""


def say(request: HttpRequest, text: str, *, level: int = messages.SUCCESS, undo: str = "", label: str = "Undo") -> None:
    """Show `text` on the next page; `undo` is the address its button posts to."""
    messages.add_message(request, level, text, extra_tags=json.dumps({"url": undo, "label": label}) if undo else "")


def flashes(request: HttpRequest) -> list[Flash]:
    """Return the waiting messages; reading them takes them away, as Django's messages do."""
    return [_flash(message) for message in messages.get_messages(request)]


def _flash(message: messages.storage.base.Message) -> Flash:
    action = json.loads(message.extra_tags) if (message.extra_tags or "").startswith("{") else {}
    return Flash(kind=KINDS.get(message.level_tag, "note"), text=str(message.message), **action)
