"""Takes a raw message apart: headers and parts (RFC 5322, RFC 2045), without recursion into what is too deep.

The standard library's parser spends quadratic time on deeply nested parts and then fails; this one stops at a depth.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from shared_apps.mail.reading.charsets import decode_header, decode_text, decode_transfer

DEEPEST = 30
MOST_PARTS = 1_000
_LONGEST_HEADERS = 500_000  # bytes
_LONGEST_VALUE = 20_000
_MOST_HEADERS = 1_000
_HEADER = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n|\r\r")
_PARAMETER = re.compile(r';\s*([\w!#$%&\'*+.^`{|}~-]{1,60})\s{0,5}=\s{0,5}(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))')
_KNOWN = {
    *("from", "to", "subject", "date", "received", "return-path", "message-id", "mime-version", "content-type"),
    *("content-transfer-encoding", "delivered-to", "reply-to", "sender", "x-mailer", "content-disposition"),
    *("cc", "in-reply-to", "references", "list-id", "dkim-signature", "arc-seal"),
}


@dataclass(slots=True)
class Part:
    """One part of a message, with its raw headers by lower-case name."""

    headers: dict[str, str]
    body: bytes
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    children: list["Part"] = field(default_factory=list)

    def content(self) -> bytes:
        """The bytes without their transfer encoding."""
        return decode_transfer(self.body, self.headers.get("content-transfer-encoding", ""))

    def text(self) -> str:
        """The characters of a text part."""
        return decode_text(self.content(), self.parameters.get("charset", ""))

    def filename(self) -> str:
        """The name its sender gave it, without folders; empty when it has none."""
        _, disposition = split_parameters(self.headers.get("content-disposition", ""))
        name = disposition.get("filename") or self.parameters.get("name", "")
        return "".join(char for char in re.split(r"[/\\]", name)[-1] if char.isprintable()).strip()[:200]

    def disposition(self) -> str:
        """`attachment`, `inline`, or empty."""
        return split_parameters(self.headers.get("content-disposition", ""))[0]

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in their order."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


def parse(raw: bytes) -> Part:
    """Return the whole message as a part; bytes without any header of a message are one body of plain text."""
    raw = re.sub(rb"\A(?:\xef\xbb\xbf)?[\r\n]*(?:>?From [^\r\n]*\r?\n)?", b"", raw)
    root = _part(raw)
    if not _KNOWN & root.headers.keys():
        return Part({}, raw)
    _grow(root)
    return root


def parse_headers(block: bytes) -> dict[str, str]:
    """Return the first value of each header, unfolded and undecoded, by lower-case name."""
    found: dict[str, list[bytes]] = {}
    values: list[bytes] = []
    for line in block[:_LONGEST_HEADERS].splitlines():
        if line[:1] in (b" ", b"\t"):
            values.append(line)
        elif header := _HEADER.match(line):
            values = [line[header.end() :]]
            if len(found) < _MOST_HEADERS:
                found.setdefault(header[1].decode("ascii").lower(), values)
        else:
            values = []
    return {name: _unfolded(lines) for name, lines in found.items()}


def split_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Return `text/plain` and its parameters; continued and encoded ones (RFC 2231) are put together."""
    kind = value.split(";", 1)[0].strip().lower()
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, quoted, plain in _PARAMETER.findall(value[len(value.split(";", 1)[0]) :]):
        base, _, section = name.lower().partition("*")
        number = section.rstrip("*")
        index = int(number) if number.isdecimal() and len(number) < 4 else 0
        text = re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        pieces.setdefault(base, {}).setdefault(index, (text, name.endswith("*")))
    return kind, {name: _parameter(found) for name, found in pieces.items()}


def _parameter(pieces: dict[int, tuple[str, bool]]) -> str:
    ordered = [pieces[index] for index in sorted(pieces)]
    if not any(is_encoded for _, is_encoded in ordered):
        return decode_header("".join(text for text, _ in ordered))
    charset, _, rest = ordered[0][0].partition("'") if ordered[0][0].count("'") >= 2 else ("", "", ordered[0][0])
    texts = [rest.partition("'")[2] if charset else rest, *(text for text, _ in ordered[1:])]
    content = b"".join(
        unquote_to_bytes(text) if is_encoded else text.encode("utf-8", "surrogateescape")
        for text, (_, is_encoded) in zip(texts, ordered, strict=True)
    )
    return decode_text(content, charset)


def _unfolded(lines: list[bytes]) -> str:
    content = b" ".join(line.strip() for line in lines)[:_LONGEST_VALUE]
    try:
        return content.decode("utf-8").replace("\x00", "")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace").replace("\x00", "")


def _part(raw: bytes, default: str = "text/plain") -> Part:
    block, body = _split_head(raw)
    headers = parse_headers(block)
    kind, parameters = split_parameters(headers.get("content-type", ""))
    return Part(headers, body, kind if "/" in kind else default, parameters)


def _split_head(raw: bytes) -> tuple[bytes, bytes]:
    if raw[:1] in (b"\n", b"\r"):
        return b"", raw[2:] if raw[:2] == b"\r\n" else raw[1:]
    end = _BLANK_LINE.search(raw)
    return (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")


def _grow(root: Part) -> None:
    """Find the parts inside parts; what lies deeper than anybody sends stays one plain part."""
    waiting, parts = [(root, 0)], 1
    while waiting:
        part, depth = waiting.pop()
        boundary = part.parameters.get("boundary", "")
        if not part.content_type.startswith("multipart/") or not boundary or depth >= DEEPEST:
            continue
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for raw in _split_body(part.body, boundary.encode("utf-8", "surrogateescape"), MOST_PARTS - parts):
            part.children.append(_part(raw, default))
            parts += 1
        waiting.extend((child, depth + 1) for child in part.children)


def _split_body(body: bytes, boundary: bytes, most: int) -> Iterator[bytes]:
    marker = b"--" + boundary
    positions = _positions(body, marker)
    start = -1
    for at, after, is_end in positions:
        if start >= 0 and most > 0:
            most -= 1
            yield _without_last_line_end(body[start:at])
        start = -1 if is_end else after
        if is_end:
            return
    if start >= 0 and most > 0:
        yield body[start:]


def _positions(body: bytes, marker: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where lines stand that are the boundary: begin, end, and whether it closes."""
    at = body.find(marker)
    while at >= 0:
        end = body.find(b"\n", at)
        end = len(body) if end < 0 else end
        rest = body[at + len(marker) : end].strip() if end - at < len(marker) + 200 else b"?"
        if (at == 0 or body[at - 1 : at] in (b"\n", b"\r")) and rest in (b"", b"--"):
            yield at, min(end + 1, len(body)), rest == b"--"
        at = body.find(marker, max(end, at + 1))


def _without_last_line_end(body: bytes) -> bytes:
    return body.removesuffix(b"\n").removesuffix(b"\r")
