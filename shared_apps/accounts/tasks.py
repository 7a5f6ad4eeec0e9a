"""Jobs of accounts."""

from datetime import time

from django.utils import timezone

from shared_apps.jobs.tasks import periodic


@periodic("accounts.session.prune", at=time(3, 10))
def prune() -> None:
    """Forget sessions and hand-offs whose time is over."""
    from shared_apps.accounts import services

    services.prune(timezone.now())
