"""What the API refuses, in the shape that Stripe answers with."""

from typing import Any


class Refusal(Exception):
    """An answer that is an error; `body` is what is sent."""

    def __init__(self, message: str, *, status: int = 400, kind: str = "invalid_request_error", **more: Any) -> None:
        super().__init__(message)
        self.status = status
        error = {"message": message, "type": kind, **{name: value for name, value in more.items() if value}}
        if "code" in error:
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{error['code'].replace('_', '-')}"
        self.body = {"error": error}


def missing(noun: str, key: str, param: str) -> Refusal:
    """404 for an id in the path, 400 for one among the parameters, as Stripe does."""
    status = 404 if param == "id" else 400
    return Refusal(f"No such {noun}: '{key}'", status=status, code="resource_missing", param=param)


def unknown(params: list[str]) -> Refusal:
    noun = "parameter" if len(params) == 1 else "parameters"
    return Refusal(f"Received unknown {noun}: {', '.join(params)}", code="parameter_unknown", param=params[0])


def invalid(message: str, param: str = "", code: str = "") -> Refusal:
    return Refusal(message, param=param, code=code)


def declined(reason: str) -> Refusal:
    """A bank said no to a card."""
    messages = {
        "insufficient_funds": "Your card has insufficient funds.",
        "expired_card": "Your card has expired.",
    }
    code = reason if reason == "expired_card" else "card_declined"
    message = messages.get(reason, "Your card was declined.")
    return Refusal(message, status=402, kind="card_error", code=code, decline_code=reason)
