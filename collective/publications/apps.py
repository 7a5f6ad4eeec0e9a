"""Configuration of the publications app."""

from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    """Lives in the collective schema."""

    name = "collective.publications"
    label = "publications"
    verbose_name = "Publications"

    def ready(self) -> None:
        """Listen to changes of networks, and follow when one is deleted."""
        from collective.publications.receivers import on_network_changed, on_network_deleted
        from tenants.ending import Ending, register_ending
        from tenants.signals import network_changed

        network_changed.connect(on_network_changed, dispatch_uid="publications.network_changed")
        register_ending(Ending("publications", on_network_deleted, order=20))
