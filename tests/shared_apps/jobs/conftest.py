"""Fixtures of the jobs tests."""

from collections.abc import Iterator

import pytest
from django_tasks_db.models import DBTaskResult

from tests.shared_apps.jobs import sample_jobs


@pytest.fixture(autouse=True)
def ran() -> Iterator[list[tuple[str, str]]]:
    """What the sample jobs have noted in this test."""
    sample_jobs.RAN.clear()
    yield sample_jobs.RAN
    sample_jobs.RAN.clear()


@pytest.fixture(autouse=True)
def _empty_queue(request: pytest.FixtureRequest) -> None:
    """Forget what onboarding the two networks has enqueued."""
    if {"db", "transactional_db"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
        DBTaskResult.objects.all().delete()
