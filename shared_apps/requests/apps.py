"""Configuration of the requests app."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Lives in the public schema: who asks for a network has none yet."""

    name = "shared_apps.requests"
    label = "requests"
    verbose_name = "Requests to start a network"

    def ready(self) -> None:
        """Keep the accounts of those who wait for a network."""
        from shared_apps.accounts.services import register_keeper
        from shared_apps.requests.selectors import keep_those_who_ask

        register_keeper(keep_those_who_ask)
