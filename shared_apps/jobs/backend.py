"""The storage of django_tasks_db, whose rows also hold the network the job runs in."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django_tasks_db import DatabaseBackend

from shared_apps.jobs.declarations import Job

if TYPE_CHECKING:
    from django_tasks_db.models import DBTaskResult


class JobBackend(DatabaseBackend):
    """Writes the row through the caller's connection, so in the caller's transaction."""

    task_class = Job

    def _task_to_db_task(self, task: Any, args: Any, kwargs: Any) -> "DBTaskResult":
        row = self.new_row(task, kwargs)
        row.save(force_insert=True)
        return row

    def enqueue_many(self, task: Job, each: list[dict[str, Any]]) -> None:
        """Write a row for each of these arguments."""
        from django_tasks_db.models import DBTaskResult

        DBTaskResult.objects.bulk_create([self.new_row(task, kwargs) for kwargs in each], batch_size=500)

    def new_row(self, task: Job, kwargs: dict[str, Any]) -> "DBTaskResult":
        """Return an unsaved row; the network is beside the arguments, where the job cannot take it for one."""
        from django_tasks_db.models import DBTaskResult

        return DBTaskResult(
            id=self._get_id(),
            args_kwargs={"args": [], "kwargs": kwargs, "network": str(task.network_id) if task.network_id else None},
            priority=task.priority,
            task_path=task.module_path,
            queue_name=task.queue_name,
            run_after=task.run_after or timezone.now(),
            backend_name=self.alias,
        )
