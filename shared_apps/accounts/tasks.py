"""Jobs of accounts."""

from datetime import timedelta

from django.utils import timezone

from shared_apps.jobs.tasks import periodic


@periodic("accounts.session.prune", every=timedelta(hours=1))
def prune() -> None:
    """Forget sessions, hand-offs, limits and calls of programs whose time is over."""
    from shared_apps.accounts import services

    services.prune(timezone.now())
