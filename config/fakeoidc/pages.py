"""The one page that people see: who they are."""

from html import escape

from config.fakeoidc.people import KINDS
from config.standins import document


def who_page(provider: str, *, error: str = "") -> str:
    """The form that asks who one is, or why nobody is asked."""
    title = f"Sign in at {provider.title()}" if provider else "Nobody is asked"
    body = f'<p class="error" role="alert">{escape(error)}</p>' if error else _form(provider)
    return document(title, body, whose="Google and Microsoft: be whom you like.", is_wrong=bool(error))


def _form(provider: str) -> str:
    kinds = "".join(f'<option value="{kind}">{escape(words)}</option>' for kind, words in KINDS[provider].items())
    return (
        '<form method="post" novalidate><label for="email">Email address</label>'
        '<input id="email" name="email" type="email" autocomplete="username" value="member@birmingham.example">'
        f'<label for="kind">An account</label><select id="kind" name="kind">{kinds}</select>'
        '<button type="submit" name="action" value="go">Sign in</button>'
        '<button type="submit" name="action" value="cancel">Cancel</button></form>'
    )
