"""Asks the DNS whether a domain is who claims it, and whether it leads here."""

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from shared_apps.domains.enums import Finding

LABEL = "_sbm-collective"
SECONDS = 5.0


def proof_of(token: str) -> str:
    """Return what the TXT record says."""
    return f"sbm-collective={token}"


def resolver_at(address: str) -> Resolver:
    """Return a resolver that asks ADDRESS:PORT, or the system's own name servers where none is named."""
    resolver = Resolver(configure=not address)
    if address:
        host, _, port = address.rpartition(":")
        resolver.nameservers, resolver.port = [host], int(port)
    resolver.lifetime = SECONDS
    return resolver


def examine(host: str, *, token: str, leads_to: str, resolver: Resolver) -> Finding:
    """Return what is wrong with the records of a host that is to prove a token and lead where `leads_to` does."""
    try:
        if proof_of(token) not in _records(resolver, f"{LABEL}.{host}", "TXT"):
            return Finding.NO_PROOF
        return Finding.GOOD if _addresses(resolver, host) & _addresses(resolver, leads_to) else Finding.ELSEWHERE
    except DNSException:
        return Finding.NO_ANSWER


def _addresses(resolver: Resolver, host: str) -> set[str]:
    return _records(resolver, host, "A") | _records(resolver, host, "AAAA")


def _records(resolver: Resolver, name: str, kind: str) -> set[str]:
    """Return what the records say; a name that does not exist has none."""
    try:
        answer = resolver.resolve(f"{name}.", kind, search=False)
    except (NXDOMAIN, NoAnswer):
        return set()
    if kind != "TXT":
        return {record.to_text() for record in answer}
    return {b"".join(record.strings).decode("ascii", "replace").strip() for record in answer}
