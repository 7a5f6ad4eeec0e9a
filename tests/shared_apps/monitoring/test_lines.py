"""A line of the log says what happened and never what somebody typed, whoever logs it."""

import logging

import pytest

from shared_apps.monitoring.work import Work, at_work

SECRETS = ["Priya Raman", "priya@school.example", "tok-123"]


def test_line_of_ours_says_its_message(lines_of):
    logging.getLogger("sbm.mail").warning("mail id=%s", 7)

    (line,) = lines_of("sbm.mail")
    assert line.pop("at").endswith("+00:00")
    assert line == {"level": "warning", "logger": "sbm.mail", "message": "mail id=7"}


def test_line_names_the_work_it_was_written_in(lines_of, db):
    with at_work(Work("job", "1234", place="alder", name="mail.message.send")):
        logging.getLogger("sbm.mail").error("refused")

    (line,) = lines_of("sbm.mail")
    assert [line[name] for name in ("job", "place", "name")] == ["1234", "alder", "mail.message.send"]


def test_line_of_django_is_the_template_in_its_code(lines_of):
    logging.getLogger("django.request").error("Internal Server Error: %s", "/join/tok-123/")

    (line,) = lines_of("django.request")
    assert line["template"] == "Internal Server Error: %s"
    assert line["where"].startswith("test_lines:")


@pytest.mark.parametrize("name", ["django.security.SuspiciousOperation", "urllib3", "py.warnings", "sbmimposter"])
def test_line_of_others_holds_no_word_that_was_put_together_before(name, logged, lines_of):
    logging.getLogger(name).error(" ".join(SECRETS))

    assert set(lines_of(name)[0]) == {"at", "level", "logger", "where"}
    assert not [secret for secret in SECRETS if secret in logged.getvalue()]


@pytest.mark.parametrize("name", ["sbm.jobs", "django.request", "stranger"])
def test_line_of_an_error_says_classes_and_places(name, logged, lines_of):
    try:
        try:
            raise KeyError(SECRETS[0])
        except KeyError as cause:
            raise ValueError(*SECRETS[1:]) from cause
    except ValueError:
        logging.getLogger(name).exception("broke")

    (line,) = lines_of(name)
    assert line["error"] == "builtins.ValueError"
    assert line["frames"][0] == "builtins.KeyError"
    assert line["frames"][-1].endswith("test_line_of_an_error_says_classes_and_places")
    assert not [secret for secret in SECRETS if secret in logged.getvalue()]


def test_line_stays_one_line_whatever_is_in_it(logged):
    logging.getLogger("sbm.mail").warning("a\nb\u2028c")

    assert len(logged.getvalue().splitlines()) == 1
