"""Who somebody can be at the stand-in, and what Google or Microsoft says of them."""

import hashlib
import uuid
from typing import Any

type Claims = dict[str, Any]

KINDS = {
    "google": {
        "workspace": "of a school with Google Workspace",
        "private": "a Google account with an address of somebody else’s",
        "unproved": "a Google account that has not shown its address",
    },
    "microsoft": {
        "proved": "of a school, whose directory owns the address’s domain",
        "work": "of a school, and nothing said about the domain",
        "foreign": "of another directory, which says that the address is its own",
    },
}


def claims_of(provider: str, email: str, kind: str) -> Claims:
    """What an ID token says of this person, beside what it says of the sign-in."""
    name = email.partition("@")[0].replace(".", " ").title()
    said = _google(email, kind) if provider == "google" else _microsoft(email, kind)
    return {"email": email, "name": name, **said}


def _google(email: str, kind: str) -> Claims:
    domain = {"hd": email.partition("@")[2]} if kind == "workspace" else {}
    subject = str(int(hashlib.sha256(email.encode()).hexdigest()[:16], 16))
    return {"sub": subject, "email_verified": kind != "unproved", **domain}


def _microsoft(email: str, kind: str) -> Claims:
    owner = "elsewhere.example" if kind == "foreign" else email.partition("@")[2]
    tenant = str(uuid.uuid5(uuid.NAMESPACE_DNS, owner))
    person = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{tenant}:{email}"))
    subject = hashlib.sha256(person.encode()).hexdigest()[:43]  # another for each application
    proof = {"xms_edov": True} if kind == "proved" else {}
    return {"sub": subject, "oid": person, "tid": tenant, "preferred_username": email, "ver": "2.0", **proof}
