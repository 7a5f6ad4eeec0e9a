"""Configuration of the publications app."""

from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    """Lives in the collective schema."""

    name = "collective.publications"
    label = "publications"
    verbose_name = "Publications"

    def ready(self) -> None:
        """Listen to changes of networks."""
        from collective.publications.receivers import on_network_changed
        from tenants.signals import network_changed

        network_changed.connect(on_network_changed, dispatch_uid="publications.network_changed")
