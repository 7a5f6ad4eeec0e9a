"""Turns bytes of a message into text, whatever character set they name or keep to themselves."""

import binascii
import codecs
import re

_ALIASES = {  # what browsers understand by these names (WHATWG Encoding): supersets of what was asked for
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii", "ansi_x3.4-1968"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e"), "iso-8859-8"),
    **dict.fromkeys(("ks_c_5601-1987", "ks_c_5601", "euc-kr", "korean"), "cp949"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "x-sjis", "sjis"), "cp932"),
    **dict.fromkeys(("unicode-1-1-utf-8", "utf8", "utf-8", "unicode"), "utf-8"),
    **dict.fromkeys(("unicode-1-1-utf-7", "utf-7"), "utf-7"),
    **dict.fromkeys(("windows-874", "x-windows-874"), "cp874"),
}
_NOT_CHARSETS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t]+(?==\?)")
_SPACES = re.compile(r"[ \t]*[\r\n]+[ \t]*|\t")


def decode_text(content: bytes, charset: str = "") -> str:
    """Return text without NUL and with `\\n` as its line end; bytes that fit nothing become `\\ufffd`."""
    text = _decoded(content, charset)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").removeprefix("\ufeff")


def decode_header(value: str) -> str:
    """Return a header's value on one line, its encoded words (RFC 2047) decoded."""
    value = _BETWEEN_WORDS.sub(r"\1", _SPACES.sub(" ", value))
    pieces: list[str] = []
    pending, pending_charset, end = b"", "", 0  # neighbouring words may share a character
    for word in _ENCODED_WORD.finditer(value):
        charset, kind, encoded = word.groups()
        charset = charset.split("*")[0].lower()
        if pending and (word.start() > end or charset != pending_charset):
            pieces.append(decode_text(pending, pending_charset))
            pending = b""
        pieces.append(value[end : word.start()])
        pending, pending_charset, end = pending + _word(encoded, kind), charset, word.end()
    pieces += [decode_text(pending, pending_charset), value[end:]]
    return " ".join("".join(pieces).replace("\x00", "").split())


def decode_transfer(content: bytes, encoding: str) -> bytes:
    """Return a part's bytes without their transfer encoding; damage costs no more than what it hit."""
    encoding = encoding.strip().strip('"').lower()
    if encoding == "quoted-printable":
        return binascii.a2b_qp(content)
    if encoding == "base64":
        return decode_base64(content)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _decode_uu(content)
    return content


def decode_base64(content: bytes) -> bytes:
    """Return what can be read of Base64, also when characters are missing or strange."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", content.replace(b"-", b"+").replace(b"_", b"/"))
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _decode_uu(content: bytes) -> bytes:
    found: list[bytes] = []
    for line in content.splitlines():
        if line.lower().startswith(b"begin ") or line.strip() in (b"", b"end", b"`"):
            continue
        try:
            found.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue  # a damaged line
    return b"".join(found)


def _word(encoded: str, kind: str) -> bytes:
    content = encoded.encode("utf-8", "surrogateescape")
    if kind in "bB":
        return decode_base64(content)
    return binascii.a2b_qp(content.replace(b" ", b"_"), header=True)


def _decoded(content: bytes, charset: str) -> str:
    name = _codec(charset)
    for candidate in dict.fromkeys((*(() if name == "cp1252" else (name,)), "utf-8", name)):
        try:
            return content.decode(candidate)
        except (UnicodeError, ValueError):
            continue
    text = content.decode(name, "replace")
    foreign = sum(map(len, re.findall(r"[^\x00-\x7f]+", text)))
    return text if name != "utf-8" or foreign > 2 * text.count("\ufffd") else content.decode("cp1252", "replace")


def _codec(charset: str) -> str:
    """Return a safe codec for a name a message gave; UTF-8 for names nobody knows."""
    name = charset.strip().strip("\"'").lower()
    name = _ALIASES.get(name) or _ALIASES.get(name.replace("_", "-"), name)
    if name.startswith(("windows-", "cp-")):
        name = "cp" + name.split("-", 1)[1]
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return "utf-8"
    is_text = getattr(info, "_is_text_encoding", True) and info.name.replace("_", "-") not in _NOT_CHARSETS
    return info.name if is_text else "utf-8"
