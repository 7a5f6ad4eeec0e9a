"""The HTTP server on loopback: the API under /v1/, and the pages."""

import contextlib
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import SplitResult, parse_qsl

from config import standins
from config.fakestripe import (
    billing,
    catalogue,
    charges,
    checkout,
    clocks,
    credit_notes,
    customers,
    invoices,
    invoicing,
    pages,
    portal,
)
from config.fakestripe.amounts import DAY
from config.fakestripe.parameters import decode
from config.fakestripe.refusals import Refusal
from config.fakestripe.routes import answer
from config.fakestripe.state import API_VERSION, State, Thing
from config.fakestripe.webhooks import Deliveries
from config.standins import Answer, redirect

TICK_SECONDS = 5.0
KEYS = ("sk_test_", "rk_test_")
REGISTERED = (billing, catalogue, charges, checkout, clocks, credit_notes, customers, invoices, portal)  # their routes


class Server(ThreadingHTTPServer):
    """The stand-in, listening; `stop` ends its threads."""

    daemon_threads = True

    def __init__(self, state: State, deliveries: Deliveries, *, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.state, self.deliveries = state, deliveries
        self.stopping = threading.Event()
        state.origin = f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return self.state.origin

    def tick(self) -> None:
        """Do what fell due for everything that is on no test clock, and keep the state."""
        with self.state.lock:
            clocks.advance(self.state, None, self.state.time_of(None))
            self.state.save()

    def keep_time(self) -> None:
        while not self.stopping.wait(TICK_SECONDS):
            self.tick()

    @contextlib.contextmanager
    def running(self, *, in_background: bool) -> Iterator["Server"]:
        """Serve; `in_background` delivers events and lets time pass too, which a test does by itself."""
        threads = [threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)]
        if in_background:
            threads += [threading.Thread(target=self.keep_time, daemon=True)]
            threads += [threading.Thread(target=self.deliveries.run, args=[self.stopping], daemon=True)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self.stopping.set()
            self.deliveries.wake.set()
            self.shutdown()
            self.server_close()
            for thread in threads:
                thread.join()


class Handler(standins.Handler):
    """One request; the state is locked while it is answered."""

    server: Server

    def answer(self, url: SplitResult, body: str) -> Answer:
        with self.server.state.lock:
            if url.path.startswith("/v1/"):
                return self.api(url.path, url.query, body)
            return self.page(url.path, dict(parse_qsl(body)))

    # The API

    def api(self, path: str, query: str, body: str) -> Answer:
        state, request = self.server.state, f"req_{secrets.token_hex(7)}"
        headers = {"Request-Id": request, "Stripe-Version": API_VERSION}
        key = self.headers.get("Idempotency-Key")
        state.request = {"id": request, "idempotency_key": key}
        try:
            self.check_caller()
            status, answered = self.once(key, path, query, body)
        except Refusal as refusal:
            status, answered = refusal.status, refusal.body
        finally:
            state.request = {"id": None, "idempotency_key": None}
        return status, "application/json", json.dumps(answered).encode(), headers

    def check_caller(self) -> None:
        if self.server.deliveries.is_down:
            raise Refusal("An unknown error occurred", status=500, kind="api_error")
        given = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if not given.startswith(KEYS):
            raise Refusal("Invalid API Key provided", status=401)
        version = self.headers.get("Stripe-Version") or API_VERSION
        if version != API_VERSION:
            raise Refusal(f"Only the API version {API_VERSION} is known here, not {version}.")

    def once(self, key: str | None, path: str, query: str, body: str) -> tuple[int, Any]:
        """The same key gives the same answer again, and refuses other parameters."""
        kept = self.server.state.answers
        print_of = hashlib.sha256(f"{path}\n{body}".encode()).hexdigest()
        if not key or self.command != "POST":
            return self.run(path, query, body)
        if key in kept and kept[key][0] != print_of:
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used with."
            )
            raise Refusal(message, kind="idempotency_error")
        if key not in kept:
            status, answered = self.run(path, query, body)
            kept[key] = (print_of, status, json.dumps(answered))
        return kept[key][1], json.loads(kept[key][2])

    def run(self, path: str, query: str, body: str) -> tuple[int, Any]:
        try:
            return 200, answer(self.server.state, self.command, path, decode(body or query))
        except Refusal as refusal:
            return refusal.status, refusal.body

    # Pages

    def page(self, path: str, form: dict[str, str]) -> Answer:
        with contextlib.suppress(Refusal):  # there is no object with that id
            match path.strip("/").split("/"):
                case [""]:
                    return self.front(form)
                case ["c", "pay", key]:
                    return self.checkout(key, form)
                case ["p", "session", key]:
                    return self.portal(key, form)
                case ["i", key]:
                    return self.invoice(key, form)
                case ["i", key, "pdf"]:
                    return self.pdf(key)
        return html(pages.page("There is no such page", "<p>Check the address.</p>"), 404)

    def checkout(self, key: str, form: dict[str, str]) -> Answer:
        state = self.server.state
        session = state.get(checkout.KIND, key)
        if self.command == "GET":
            return html(pages.checkout_page(state, session, form))
        try:
            with state.whole(with_declines=True):
                checkout.pay(state, session, form)
        except Refusal as refusal:
            return html(pages.checkout_page(state, session, form, str(refusal)), 422)
        return redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", key))

    def portal(self, key: str, form: dict[str, str]) -> Answer:
        state = self.server.state
        session = state.get(portal.KIND, key)
        return self.acted(lambda: portal.act(state, session, form), pages.portal_page, session, form)

    def pdf(self, key: str) -> Answer:
        invoice = self.server.state.get("invoice", key)
        name = {"Content-Disposition": f'inline; filename="{invoice["number"]}.pdf"'}
        return 200, "application/pdf", pages.invoice_pdf(self.server.state, invoice), name

    def invoice(self, key: str, form: dict[str, str]) -> Answer:
        state = self.server.state
        invoice = state.get("invoice", key)
        return self.acted(lambda: pay_invoice(state, invoice, form), pages.invoice_page, invoice, form)

    def acted(self, act: Callable[[], str], page: Callable[..., str], thing: Thing, form: dict[str, str]) -> Answer:
        """The page after what its form asks for, or with why that was not done."""
        state = self.server.state
        if self.command == "GET":
            return html(page(state, thing, {}))
        try:
            with state.whole(with_declines=True):
                note = act()
        except Refusal as refusal:
            return html(page(state, thing, form, error=str(refusal)), 422)
        return html(page(state, thing, {}, note=note))

    def front(self, form: dict[str, str]) -> Answer:
        error = note = ""
        if self.command == "POST":
            try:
                note = self.control(form)
            except Refusal as refusal:
                error = str(refusal)
        shown = pages.front_page(self.server.state, is_down=self.server.deliveries.is_down, error=error, note=note)
        return html(shown, 422 if error else 200)

    def control(self, form: dict[str, str]) -> str:
        action = form.get("action")
        if action in ("down", "up"):
            self.server.deliveries.is_down = action == "down"
            return "The outage has begun." if action == "down" else "The outage is over."
        if action == "again":
            self.server.deliveries.again(form.get("event", ""))
            return "The event is sent again."
        if action in ("refund", "credit"):
            with self.server.state.whole():
                return credit_notes.give(self.server.state, form)
        days = form.get("days", "")
        if action != "pass" or not days.isdecimal() or not 1 <= int(days) <= 366:
            raise Refusal("Enter a number of days from 1 to 366.")
        self.server.state.offset += int(days) * DAY
        self.server.tick()
        return f"{days} days have passed."


def pay_invoice(state: State, invoice: Thing, form: dict[str, str]) -> str:
    if form.get("action") == "transfer":
        invoices.pay_invoice(state, {"paid_out_of_band": True}, invoice["id"])
        return "It is marked as paid."
    card = customers.card_method(state, form.get("number", ""), expires=checkout.expiry(form.get("expiry", "")))
    if refused := invoicing.charge(state, invoice, card):
        raise refused
    return "Thank you: it is paid."


def html(text: str, status: int = 200) -> Answer:
    return status, "text/html; charset=utf-8", text.encode(), {"Cache-Control": "no-store"}
