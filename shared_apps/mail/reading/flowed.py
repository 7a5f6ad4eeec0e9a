"""Joins the lines of plain text that mail programs broke: format=flowed (RFC 3676), and damage of quoted-printable."""

import binascii
import re

_SIGNATURE = "-- "
_ESCAPES = re.compile(r"=(?:20|3D|E2=80|C2=A0|C3=[0-9A-F]{2}|09)")
_SOFT_BREAK = re.compile(r"(?m)^.{50,76}=$")


def unflowed(text: str, parameters: dict[str, str]) -> str:
    """Return the text with paragraphs on one line each where the sender's program said that it broke them."""
    text = _without_damage(text)
    if parameters.get("format", "").lower() != "flowed":
        return text
    return "\n".join(_paragraphs(text.split("\n"), joins_words=parameters.get("delsp", "").lower() == "yes"))


def _paragraphs(lines: list[str], *, joins_words: bool) -> list[str]:
    found: list[str] = []
    pieces: list[str] = []
    depth = -1
    for line in lines:
        rest = line.lstrip(">")
        level = len(line) - len(rest)
        rest = rest.removeprefix(" ")
        if pieces and (level != depth or rest == _SIGNATURE):
            found.append(_quoted(depth, "".join(pieces)))
            pieces = []
        depth = level
        if rest.endswith(" ") and rest != _SIGNATURE:
            pieces.append(rest[:-1] if joins_words else rest)
        else:
            found.append(_quoted(level, "".join([*pieces, rest])))
            pieces = []
    return [*found, _quoted(depth, "".join(pieces))] if pieces else found


def _quoted(depth: int, text: str) -> str:
    quote = ">" * depth
    return f"{quote} {text}" if quote and text else quote or text


def _without_damage(text: str) -> str:
    """Decode quoted-printable whose header was lost on the way; only where there is no doubt about it."""
    if "=\n" not in text or not _ESCAPES.search(text) or not _SOFT_BREAK.search(text):
        return text
    try:
        return binascii.a2b_qp(text.encode("utf-8", "surrogatepass")).decode("utf-8")
    except UnicodeError:
        return text
