"""Configuration of the files app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Lives in each network's schema, and in a folder of each network's own."""

    name = "tenant_apps.files"
    label = "files"
    verbose_name = "Files"

    def ready(self) -> None:
        """Take the folder of a network away with the network."""
        from django.db import transaction

        from tenant_apps.files.drawing import storage_figure
        from tenant_apps.files.storing import remove_all
        from tenant_apps.members.adapters import register_figure
        from tenants.ending import Ending, register_ending
        from tenants.enums import NetworkState
        from tenants.lifecycle import Step, register_step

        register_figure(storage_figure)
        register_ending(Ending("files", lambda leaving: remove_all(leaving.network.id), order=60))
        register_step(
            Step(
                "files",
                "Making room for files",
                NetworkState.SEEDED,
                lambda network: None,  # the folder is made with the first file
                undo=lambda network: transaction.on_commit(lambda: remove_all(network.id)),
                order=90,
            )
        )
