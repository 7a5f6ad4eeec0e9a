"""Configuration of the portability app."""

from django.apps import AppConfig


class PortabilityConfig(AppConfig):
    """Takes a network out, and brings it back; the features register what of theirs is to be read."""

    name = "tenant_apps.portability"
    label = "portability"
    verbose_name = "Portability"

    def ready(self) -> None:
        """Say how the tables of the apps below travel, and what people see of members."""
        from tenant_apps.portability.adapters import Travel, register_readable, register_travel
        from tenant_apps.portability.people import ReadablePeople

        register_readable(ReadablePeople())
        register_travel("mail.Message", Travel(stays=True))  # on its way, or sent; it holds links that let people in
        register_travel("notifications.ReplyAddress", Travel(stays=True))  # secrets of an address that is left behind
        register_travel("members.Invitation", Travel(columns={"code_hash": "''::text"}))  # six digits, soon guessed
