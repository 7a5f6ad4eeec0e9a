"""What must hold before the product answers strangers."""

from shared_apps.accounts.models import User

DEMO_OPERATOR = "operator@example.org"
DEMO_DOMAINS = ".example"  # reserved for examples: no account of a real person ends so


class DemoSignInsError(Exception):
    """Everybody knows the password of these accounts."""


def refuse_demo_sign_ins(*, debug: bool) -> None:
    """Raise DemoSignInsError outside development when an account of the demo can sign in."""
    if not debug and is_demo_seeded():
        raise DemoSignInsError("The demo's sign-ins exist in this database, and their password is public: use another.")


def is_demo_seeded() -> bool:
    accounts = User.objects.filter(is_active=True)
    return (accounts.filter(email=DEMO_OPERATOR) | accounts.filter(email__endswith=DEMO_DOMAINS)).exists()
