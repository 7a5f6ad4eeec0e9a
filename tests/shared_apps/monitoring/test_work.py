"""Statements are counted for the request or job that asked them, and the slow ones are noted without their values."""

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult
from psycopg2.sql import SQL, Literal

from shared_apps.jobs.worker import Worker
from shared_apps.monitoring.work import Work, at_work, current_work, without_values
from tests.shared_apps.jobs import sample_jobs


@pytest.fixture(autouse=True)
def _already_in_public(db) -> None:
    """The schema has been entered, which is a statement too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_work_counts_its_statements_and_no_others(db):
    work = Work("request", "1")

    with at_work(work), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SELECT 2")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 3")

    assert work.queries == 2
    assert 0 < work.database_seconds < work.seconds
    assert current_work() is None


@pytest.mark.parametrize(
    "sql",
    ["SELECT 'Priya Raman', %s", SQL("SELECT {}, %s").format(Literal("Priya Raman")), "SELECT $a$Priya Raman$a$, %s"],
)
def test_slow_statement_is_noted_without_values(sql, db, settings, logged, lines_of):
    settings.SLOW_QUERY_SECONDS = 0

    with (
        at_work(Work("request", "1", place="alder", name="home:home")),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, ["priya@school.example"])

    (line,) = lines_of("sbm.sql")
    assert (line["sql"], line["route"], line["place"]) == ("SELECT ?, %s", "home:home", "alder")
    assert "riya" not in logged.getvalue()


def test_quick_statement_is_not_noted(db, settings, lines_of):
    settings.SLOW_QUERY_SECONDS = 60

    with at_work(Work("request", "1")), connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert lines_of("sbm.sql") == []


@pytest.mark.parametrize(
    ("sql", "plain"),
    [
        ("SELECT a1 FROM t2 WHERE b = 'it''s' LIMIT 21", "SELECT a1 FROM t2 WHERE b = ? LIMIT ?"),
        ("SELECT 'a' || %s, 1.5", "SELECT ? || %s, ?"),
        ("SELECT $$x$$, $b$y$b$", "SELECT ?, ?"),
    ],
)
def test_without_values_keeps_the_form(sql, plain):
    assert without_values(sql) == plain


def test_job_has_one_line_in_which_its_arguments_and_its_error_are_not(alder, logged, lines_of):
    DBTaskResult.objects.all().delete()
    sample_jobs.note.enqueue_for(alder.id, mark="Priya")
    sample_jobs.fail.enqueue_for(alder.id, mark="Priya")

    Worker().drain(limit=2)

    done, failed = sorted(lines_of("sbm.jobs"), key=lambda line: line["outcome"])
    assert (done["place"], done["name"], done["outcome"]) == ("alder", "tests.sample.note", "done")
    assert done["queries"] >= 1
    assert (failed["name"], failed["outcome"], failed["attempt"]) == ("tests.sample.fail", "failed ValueError", 1)
    assert [word for word in ("Priya", "canary") if word in logged.getvalue()] == []
