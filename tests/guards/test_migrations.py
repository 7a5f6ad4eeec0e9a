"""The migrations in the repository are those the models ask for."""

from django.core.management import call_command


def test_migrations_none_is_missing(db, capsys):
    call_command("makemigrations", check=True, dry_run=True)

    assert capsys.readouterr().out == "No changes detected\n"
