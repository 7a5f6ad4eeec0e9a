"""Jobs of accounts."""

from datetime import time, timedelta

from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.jobs.tasks import periodic


@periodic("accounts.session.prune", every=timedelta(hours=1))
def prune() -> None:
    """Forget sessions, hand-offs, limits and calls of programs whose time is over."""
    from shared_apps.accounts import services

    services.prune(timezone.now())


@periodic("accounts.account.review", at=time(3, 35))
def review_accounts() -> None:
    """Tell and anonymise accounts that have belonged to no network for long."""
    from shared_apps.accounts import services

    services.review_accounts(timezone.now(), by=Actor.system("job"))
