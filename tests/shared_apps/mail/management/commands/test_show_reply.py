"""The command that prints what a reader sees of one message."""

import io

import pytest
from django.core.management import CommandError, call_command

RAW = (
    b"From: jo@b.example\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"
    b"Caf\xe9?\r\n\r\nOn 12/11/2025 09:14, Al wrote:\r\n> Where?\r\n"
)


def test_show_reply_prints_the_reply_of_a_raw_message(tmp_path, capsys):
    (tmp_path / "message.eml").write_bytes(RAW)

    call_command("show_reply", str(tmp_path / "message.eml"))

    assert capsys.readouterr().out == "Café?\n"


def test_show_reply_prints_the_reply_of_a_plain_body(tmp_path, capsys):
    (tmp_path / "body.txt").write_text("From: nobody\n\nCafé?\n\n> Where?\n")

    call_command("show_reply", str(tmp_path / "body.txt"), "--text")

    assert capsys.readouterr().out == "From: nobody\n\nCafé?\n"


def test_show_reply_reads_standard_input(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(RAW)))

    call_command("show_reply", "-")

    assert capsys.readouterr().out == "Café?\n"


def test_show_reply_prints_nothing_for_an_empty_message(tmp_path, capsys):
    (tmp_path / "empty").write_bytes(b"")

    call_command("show_reply", str(tmp_path / "empty"))

    assert capsys.readouterr().out == ""


def test_show_reply_says_that_a_file_is_missing(tmp_path):
    with pytest.raises(CommandError, match=r"Cannot read .*/none: No such file or directory\."):
        call_command("show_reply", str(tmp_path / "none"))
