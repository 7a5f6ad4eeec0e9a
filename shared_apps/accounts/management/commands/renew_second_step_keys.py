"""`manage.py renew_second_step_keys`: before SECRET_KEY_BEFORE is emptied, keep second steps under the present key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared_apps.accounts import services
from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor


class Command(BaseCommand):
    """Run it after SECRET_KEY was replaced, while SECRET_KEY_BEFORE still holds the old one; again does no harm."""

    help = "Encrypt the secrets of authenticator apps and recovery codes anew, under the present SECRET_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how many; fails when some cannot be read with either key."""
        renewed, unreadable = services.renew_second_step_keys(by=Actor.system(Via.COMMAND, label="command"))
        if unreadable:
            raise CommandError(
                f"{renewed} renewed; {unreadable} cannot be read with SECRET_KEY or SECRET_KEY_BEFORE: set the old key"
                " as SECRET_KEY_BEFORE and run this again."
            )
        self.stdout.write(f"{renewed} renewed. SECRET_KEY_BEFORE can be emptied when its two weeks are over.")
