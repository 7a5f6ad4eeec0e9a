"""Where other apps get `job` and `periodic`, and the jobs of the queue itself."""

from datetime import time

from django.utils import timezone

from shared_apps.jobs import services
from shared_apps.jobs.declarations import Job, JobArgumentError, NoNetworkError, back_off, job, periodic

__all__ = ["Job", "JobArgumentError", "NoNetworkError", "back_off", "job", "periodic", "prune"]


@periodic("jobs.rows.prune", at=time(2, 50))
def prune() -> None:
    """Forget rows that are long finished."""
    services.prune(timezone.now())
