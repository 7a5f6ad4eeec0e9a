"""The words of accounts: what pages say when a code or password is wrong, and what the emails say."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime

from shared_apps.mail.services import Notice

CODE_MINUTES = 15

WRONG_SIGN_IN = "The email address or the password is wrong. You can ask for a code by email instead."
CODE_WRONG = "That code is wrong. Check the newest email and type it again."
SECOND_CODE_WRONG = "That code is wrong. Check it, or wait for the next one that your app shows."
CODE_OVER = "That code has run out"
ASK_ANEW = "That code has run out. Ask for a new one."
TOO_MANY = "That was too many tries. Wait some minutes, then try again."
HAND_OFF_OVER = "That way in has run out. Sign in here instead."
SECOND_STEP_DUE = "You look after other people’s data here, so you need a second step to sign in. Set one up to go on."
SECOND_STEP_SET_UP = (
    "Your second step is set up. You are signed out everywhere else. API tokens go on working: look at yours on your"
    " account page, and revoke those that you do not know."
)
PROVE_FIRST = "Show first that it is you, then type the new password again."
LINKED_ELSEWHERE = "That {provider} account signs somebody else in here. Remove it there first, or choose another one."
LINKED = "You can sign in with {provider} now."
UNLINKED = "That {provider} account does not sign you in any more. You are signed out everywhere else."
PROVE_TO_LINK = "That took too long. Show once more that it is you, then link the account."
PASSKEY_WRONG = "That passkey is not known here. Sign in another way, or try again."

ERRORS = {
    "email_password_mismatch": WRONG_SIGN_IN,
    "incorrect_code": CODE_WRONG,
    "too_many_login_attempts": TOO_MANY,
    "cannot_generate_recovery_codes": "Set up a passkey or an authenticator app first.",
    "rate_limited": TOO_MANY,
    "passkey_wrong": PASSKEY_WRONG,
    "enter_current_password": "This is not your password. Type the one you sign in with now.",
    "incorrect_password": "This is not your password. Type the one you sign in with now.",
}


def second_step_wanted(due_at: datetime) -> str:
    """Return what owners and operators without a second step are told when they sign in."""
    day = date_format(localtime(due_at), "j F")
    return f"You look after other people’s data here. By {day}, set up a second step to sign in, on your account page."


def account_ends(day: datetime, *, url: str) -> Notice:
    """Return the email to somebody who belongs to no network, a month before their account is anonymised."""
    subject, last = "Your account ends soon", date_format(localtime(day), "j F Y")
    return Notice(
        subject=subject,
        paragraphs=[
            "You belong to no network on SBM Collective any more, and have not signed in for most of a year.",
            f"After {last} we delete your address, your name and how you sign in.",
            "What you wrote stays in the networks where you wrote it, as a former member’s.",
            "To keep the account, sign in before then.",
        ],
        action=("Sign in", url),
        after=["If you do not want it any more, there is nothing to do."],
        reason="You get this email because you have an account here.",
    )


def notice(kind: str, *, code: str = "", provider: str = "") -> Notice:
    """Return the email of a kind, allauth's or our own; raises KeyError for a kind that nothing here sends."""
    subject, paragraphs, after = _NOTICES[kind]
    subject, paragraphs = subject.format(provider=provider), [each.format(provider=provider) for each in paragraphs]
    reason = _TYPED if kind in _FOR_A_TYPED_ADDRESS else _ABOUT_YOU
    shown = f"{code} is your code" if code else subject
    return Notice(subject=shown, heading=subject, paragraphs=paragraphs, code=code, after=after, reason=reason)


_ABOUT_YOU = "You get this email because it is about how you sign in."
_TYPED = "You get this email because somebody typed your address on our sign-in page."
_FOR_A_TYPED_ADDRESS = ("login_code", "password_reset_code", "unknown_account")
_CHANGED = "If that was not you, choose a new password at once and tell us."
_REMOVE = "If that was not you, remove it on your account page at once, choose a new password and tell us."
_NOTICES: dict[str, tuple[str, list[str], list[str]]] = {
    "login_code": (
        "Your code to sign in",
        ["Type this code on the page where you asked for it."],
        [
            f"It works once, for {CODE_MINUTES} minutes.",
            "If you did not ask for it, leave it: nobody can sign in without it.",
        ],
    ),
    "confirm_code": (
        "Your code to go on",
        ["Type this code on the page that asked for it, to show once more that it is you."],
        [
            f"It works once, for {CODE_MINUTES} minutes.",
            "If you did not ask for it, sign out everywhere, on your account page: somebody may be signed in as you.",
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
    "totp_activated": (
        "An authenticator app was set up",
        ["You sign in with a code of your authenticator app from now on, besides your password or an emailed code."],
        [_REMOVE],
    ),
    "totp_deactivated": (
        "Your authenticator app was removed",
        ["Signing in does not ask for a code of your authenticator app any more."],
        [_CHANGED],
    ),
    "webauthn_added": ("A passkey was added", ["You can sign in with a new passkey from now on."], [_REMOVE]),
    "webauthn_removed": ("A passkey was removed", ["One of your passkeys does not sign you in any more."], [_CHANGED]),
    "recovery_codes_generated": (
        "You have new recovery codes",
        ["New recovery codes were made for you. The ones you had before do not work any more."],
        [_REMOVE],
    ),
    "second_step_reset": (
        "Your second step was removed",
        [
            "Your passkeys, authenticator app and recovery codes were removed, because you said that you lost them.",
            "You are signed out everywhere. Sign in with your password or an emailed code, then set up a new one.",
        ],
        ["If you did not ask for this, choose a new password at once and tell us."],
    ),
    "provider_linked": (
        "You can sign in with {provider}",
        ["A {provider} account was linked to yours. It signs you in from now on, besides the ways you had before."],
        ["If that was not you, remove it on your account page at once, sign out everywhere there and tell us."],
    ),
    "provider_unlinked": (
        "A {provider} account was removed",
        [
            "A {provider} account does not sign you in any more. You are signed out everywhere else.",
            "Sign in with your password or a code by email.",
        ],
        [_CHANGED],
    ),
    "password_set": ("Your password was set", ["You chose a password on your account page."], [_CHANGED]),
}
KINDS = tuple(_NOTICES)
