"""Configuration of the grants app."""

from django.apps import AppConfig


class GrantsConfig(AppConfig):
    """Lives in the public schema, beside the accounts that it lets in."""

    name = "shared_apps.grants"
    label = "grants"
    verbose_name = "Support access"

    def ready(self) -> None:
        """Let visitors in who are allowed, and end what has to."""
        from django.contrib.auth.signals import user_logged_out

        from shared_apps.accounts.permissions import register_guests
        from shared_apps.accounts.signals import signed_out_everywhere
        from shared_apps.grants import receivers
        from shared_apps.grants.permissions import is_guest
        from tenants.signals import network_changed

        register_guests(is_guest)
        network_changed.connect(receivers.on_network_changed, dispatch_uid="grants.network_changed")
        user_logged_out.connect(receivers.on_signed_out, dispatch_uid="grants.signed_out")
        signed_out_everywhere.connect(receivers.on_signed_out_everywhere, dispatch_uid="grants.signed_out_everywhere")
