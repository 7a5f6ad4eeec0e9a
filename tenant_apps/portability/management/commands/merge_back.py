"""`manage.py merge_back COPY KIND ID --into SUBDOMAIN [--dry-run]`: one thing of a restored copy, back where it was."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from shared_apps.audit.services import Actor
from shared_apps.core.commands import named_network
from tenant_apps.portability import services
from tenant_apps.portability.adapters import trees


class Command(BaseCommand):
    """What comes back and what differs, by numbers and names of fields: words are for those whom an owner lets look."""

    help = (
        "Bring one discussion, member or supplier back from a copy that restore_network made, into the network that it "
        "is a copy of. What is missing is added; where both have something else, what is there now stays, unless the "
        "copy's is taken. Nobody is told. Again, it adds nothing. The copy must be of an archive that export_network "
        "wrote here: an owner's leaves out who asked without their name, and votes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what, from where, where to, and which differences to decide for the copy."""
        parser.add_argument("copy", help="The copy's subdomain.")
        parser.add_argument("kind", choices=sorted(tree.kind for tree in trees()))
        parser.add_argument("id", type=UUID, help="The id in the address of its page.")
        parser.add_argument("--into", required=True, metavar="S", help="The subdomain of the network it comes back to.")
        parser.add_argument(
            "--take", nargs="+", default=[], metavar="ID.FIELD", help="Take the copy's here; as --dry-run lists them."
        )
        parser.add_argument("--leave-out", nargs="+", default=[], metavar="ID", help="Rows that stay away.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would come back, and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare or merge back, and say what there was."""
        copy, network = named_network(options["copy"]), named_network(options["into"])
        wanted = services.Wanted(network, copy, options["kind"], options["id"])
        choice = services.Choice(options["take"], options["leave_out"])
        try:
            if options["dry_run"]:
                found = services.compare(wanted)
            else:
                found = services.merge_back(wanted, choice, by=Actor.system("command"))
        except services.ReturnRefusedError as error:
            raise CommandError(str(error)) from None
        self.say(found, choice, is_done=not options["dry_run"])

    def say(self, found: services.Comparison, choice: services.Choice, *, is_done: bool) -> None:
        """Write a line for each kind of row that came back, and for each field that differs."""
        for branch in found.tree.branches:
            rows = found.difference.added.get(branch.label, [])
            if rows:
                self.stdout.write(
                    f"{len(rows):,} {branch.words[len(rows) != 1]} {'came' if is_done else 'to come'} back"
                )
                for row in rows if branch.text and not is_done else []:
                    self.stdout.write(f"  {row['id']}")
        for change in found.difference.changes:
            end = "the copy's taken" if is_done and change.key in choice.take else "what is there now stays"
            self.stdout.write(f"{change.key} differs: {end}")
        for file_id in found.lost_files:
            self.stdout.write(f"the bytes of file {file_id} {'are' if is_done else 'would be'} put back")
        if found.is_same:
            self.stdout.write("Nothing is missing, and nothing differs.")
        elif not is_done:
            self.stdout.write("Nothing was written: this was a dry run.")
