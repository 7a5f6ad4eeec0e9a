"""Looking at the records of networks' own domains."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from shared_apps.domains import selectors, services
from shared_apps.jobs.tasks import job, periodic


@job("domains.domain.check", platform=True)
def check(*, domain_id: str) -> None:
    """Look at one domain's records."""
    services.check(UUID(str(domain_id)), now=timezone.now(), server=settings.DNS_RESOLVER)


@periodic("domains.domain.check_due", every=timedelta(minutes=5))
def check_due() -> None:
    """Have each domain that is due looked at, by a job of its own, so that slow name servers delay nobody else."""
    for domain_id in selectors.due_domains(timezone.now()):
        check.enqueue(domain_id=domain_id)
