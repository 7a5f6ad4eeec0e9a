"""The one page that people see: who they are."""

from html import escape

from config.fakeoidc.people import KINDS

STYLE = """
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif }
body { max-width: 34rem; margin: 0 auto; padding: 1rem }
label { display: block; font-weight: 600; margin-top: 1rem }
input, select { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; border: 1px solid }
button { font: inherit; margin: 1rem 1rem 0 0; padding: .6rem 1.2rem; min-height: 2.75rem }
:focus-visible { outline: 3px solid; outline-offset: 2px }
.error { border: 3px solid #b3261e; padding: 0 1rem }
"""


def who_page(provider: str, *, error: str = "") -> str:
    """The form that asks who one is, or why nobody is asked."""
    title = f"Sign in at {provider.title()}" if provider else "Nobody is asked"
    body = f'<p class="error" role="alert">{escape(error)}</p>' if error else _form(provider)
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title} – stand-in</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body>'
        f"<header><p>A stand-in for Google and Microsoft: be whom you like.</p></header>"
        f"<main><h1>{title}</h1>{body}</main></body></html>"
    )


def _form(provider: str) -> str:
    kinds = "".join(f'<option value="{kind}">{escape(words)}</option>' for kind, words in KINDS[provider].items())
    return (
        '<form method="post" novalidate><label for="email">Email address</label>'
        '<input id="email" name="email" type="email" autocomplete="username" value="member@birmingham.example">'
        f'<label for="kind">An account</label><select id="kind" name="kind">{kinds}</select>'
        '<button type="submit" name="action" value="go">Sign in</button>'
        '<button type="submit" name="action" value="cancel">Cancel</button></form>'
    )
