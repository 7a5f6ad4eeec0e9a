"""What `make reset` would delete can be read before."""

from django.core.management import call_command

from config import localpg
from config.env import RUN


def test_reset_says_first_what_it_would_delete(monkeypatch, capsys):
    monkeypatch.setattr(localpg, "destroy", lambda name: 1 / 0)

    call_command("reset", dry_run=True)

    said = capsys.readouterr().out
    assert str(localpg.find_cluster("main").data) in said
    assert str(RUN / "media") in said
