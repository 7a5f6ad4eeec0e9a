"""The words of accounts: what pages say when a code or password is wrong, and what the emails say."""

from dataclasses import dataclass, field
from typing import Any

CODE_MINUTES = 15

WRONG_SIGN_IN = "The email address or the password is wrong. You can ask for a code by email instead."
CODE_WRONG = "That code is wrong. Check the newest email and type it again."
CODE_OVER = "That code has run out"
TOO_MANY = "That was too many tries. Wait some minutes, then try again."
HAND_OFF_OVER = "That way in has run out. Sign in here instead."

ERRORS = {
    "email_password_mismatch": WRONG_SIGN_IN,
    "incorrect_code": CODE_WRONG,
    "too_many_login_attempts": TOO_MANY,
    "rate_limited": TOO_MANY,
    "enter_current_password": "This is not your password. Type the one you sign in with now.",
    "incorrect_password": "This is not your password. Type the one you sign in with now.",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One email: its kind, subject, and the values of mail/notice."""

    kind: str
    subject: str
    context: dict[str, Any] = field(default_factory=dict)


def notice(kind: str, *, code: str = "") -> Notice:
    """Return the email of allauth's kind; raises KeyError for a kind that nothing here sends."""
    subject, paragraphs, after = _NOTICES[kind]
    values = {"heading": subject, "paragraphs": paragraphs, "code": code, "after": after, "reason": _REASON}
    return Notice(kind=kind, subject=f"{code} is your code" if code else subject, context=values)


_REASON = "You get this email because somebody typed your address on our sign-in page."
_CHANGED = "If that was not you, choose a new password at once and tell us."
_NOTICES: dict[str, tuple[str, list[str], list[str]]] = {
    "login_code": (
        "Your code to sign in",
        ["Type this code on the page where you asked for it."],
        [
            f"It works once, for {CODE_MINUTES} minutes.",
            "If you did not ask for it, leave it: nobody can sign in without it.",
        ],
    ),
    "password_reset_code": (
        "Your code to choose a new password",
        ["Type this code on the page where you asked for it."],
        [
            f"It works once, for {CODE_MINUTES} minutes.",
            "If you did not ask for it, leave it: your password stays as it is.",
        ],
    ),
    "unknown_account": (
        "No account here for this address",
        [
            "Somebody, probably you, tried to sign in with this address. It has no account here.",
            "If you have another address, such as your school’s, try that.",
            "If you want to join, ask the people who run the network to invite you.",
        ],
        ["If it was not you, leave it: nothing has happened."],
    ),
    "password_reset": (
        "Your password was changed",
        ["Your password was changed, with a code sent to you."],
        [_CHANGED],
    ),
    "password_changed": ("Your password was changed", ["Your password was changed on your account page."], [_CHANGED]),
    "password_set": ("Your password was set", ["You chose a password on your account page."], [_CHANGED]),
}
KINDS = tuple(_NOTICES)
