"""What makes two suppliers the same company: the host of the website, and a name that differs in nothing that matters.

Pure functions. The host is also the key under which the Collective gathers what several networks say of a supplier.
"""

import re
from difflib import SequenceMatcher
from urllib.parse import quote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

MAX_WEBSITE_LENGTH = 200
MAX_HOST_LENGTH = 120
_ALIKE = 0.84
_FILLERS = {"and", "co", "cic", "company", "group", "limited", "llp", "ltd", "of", "plc", "the", "uk"}
# Many companies have a page on these, so the host does not say which company it is.
_HOSTS_OF_MANY = (
    *("facebook.com", "instagram.com", "linkedin.com", "x.com", "twitter.com", "tiktok.com", "youtube.com"),
    *("google.com", "goo.gl", "bit.ly", "linktr.ee", "wikipedia.org", "yell.com", "checkatrade.com"),
)
_KEPT = "/%:@!$&()*+,;=~"  # in a path; all else is written as its code
_is_address = URLValidator(schemes=["http", "https"])


class WebsiteError(ValueError):
    """This is no address of a supplier's own website; the message says what to write."""


def tidy_website(text: str) -> str:
    """Return an address as we keep it: scheme, host in small letters, path; empty for empty. Raises WebsiteError."""
    text = text.strip()
    if not text:
        return ""
    address = _address(text if "://" in text else f"https://{text}")
    if len(address) > MAX_WEBSITE_LENGTH or len(website_host(address)) > MAX_HOST_LENGTH:
        raise WebsiteError("This address is too long. The first page of the website is enough.")
    if _is_of_many(website_host(address)):
        raise WebsiteError("Give the supplier’s own website, or leave this empty.")
    return address


def website_host(website: str) -> str:
    """Return the host of a tidy address, without "www."."""
    return (urlsplit(website).hostname or "").removeprefix("www.")


def plain_name(name: str) -> str:
    """Return a name without punctuation and the words that say only that it is a company."""
    words = re.findall(r"\w+", name.casefold().replace("&", " and ").replace("’", "").replace("'", ""))
    return " ".join([word for word in words if word not in _FILLERS] or words)


def is_alike(name: str, other: str) -> bool:
    """Return whether two names may mean the same company: nearly the same letters, as far as the shorter one goes."""
    shorter, longer = sorted((plain_name(name).split(), plain_name(other).split()), key=len)
    if not shorter:
        return False
    beginning = " ".join(longer[: len(shorter)])
    return SequenceMatcher(None, " ".join(shorter), beginning).ratio() >= _ALIKE


def _address(text: str) -> str:
    """Return scheme, host and path; what follows them, and a sign-in name, says nothing of the company."""
    wrong = WebsiteError("Write an address like www.greenfieldkitchens.co.uk")
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode()
        address = f"{parts.scheme}://{host}{quote(parts.path.rstrip('/'), safe=_KEPT)}"
        _is_address(address)
    except (ValueError, ValidationError) as error:
        raise wrong from error
    if parts.username or "@" in parts.netloc:
        raise wrong
    return address


def _is_of_many(host: str) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in _HOSTS_OF_MANY)
