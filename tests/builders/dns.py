"""A name server of the test's own, on loopback, that knows what the test says."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dns import message, rcode, rdatatype, rrset

from shared_apps.domains.models import OwnDomain
from shared_apps.domains.selectors import records_of


class NameServer:
    """Answers what is in `records`, by kind and name; a name without any does not exist; `is_broken` fails."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.is_broken = False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))

    @property
    def address(self) -> str:
        """Where it answers, as DNS_RESOLVER says it."""
        return f"127.0.0.1:{self.socket.getsockname()[1]}"

    def point(self, host: str, address: str = "192.0.2.7") -> None:
        """Let a host have an address."""
        self.records["A", host] = [address]

    def prove(self, domain: OwnDomain) -> None:
        """Set both records of a domain, as its owner would."""
        for kind, name, value in records_of(domain):
            self.records[kind, name] = [f'"{value}"' if kind == "TXT" else f"{value}."]

    def serve(self) -> None:
        """Answer until it is stopped."""
        while data := self.socket.recvfrom(4096):
            if not data[0]:
                return
            self.socket.sendto(self._answer(message.from_wire(data[0])).to_wire(), data[1])

    def stop(self) -> None:
        """Have it answer no more: an empty question ends it."""
        self.socket.sendto(b"", self.socket.getsockname())

    def _answer(self, asked: message.Message) -> message.Message:
        answer = message.make_response(asked)
        name, kind = asked.question[0].name, rdatatype.to_text(asked.question[0].rdtype)
        if self.is_broken:
            answer.set_rcode(rcode.SERVFAIL)
            return answer
        for each in ("CNAME", kind):
            if found := self.records.get((each, name.to_text(omit_final_dot=True))):
                answer.answer.append(rrset.from_text(name, 60, "IN", each, *found))
                name = answer.answer[-1][0].target if each == "CNAME" else name
        known = any(host == asked.question[0].name.to_text(omit_final_dot=True) for _, host in self.records)
        if not known:
            answer.set_rcode(rcode.NXDOMAIN)
        return answer


@contextmanager
def name_server() -> Iterator[NameServer]:
    """Run one."""
    server = NameServer()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(timeout=5)
        server.socket.close()
