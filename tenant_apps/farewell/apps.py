"""Configuration of the farewell app."""

from django.apps import AppConfig


class FarewellConfig(AppConfig):
    """Shows a network's people what is in `shared_apps.closing`, and tells them."""

    name = "tenant_apps.farewell"
    label = "farewell"
    verbose_name = "Closing the network"

    def ready(self) -> None:
        """Tell people, show owners the page, and say what the certificate asks."""
        from shared_apps.closing.signals import closing_begun, closing_moved
        from shared_apps.core.navigation import Area, NavItem, register
        from tenant_apps.farewell import receivers, selectors
        from tenant_apps.farewell.permissions import can_close
        from tenant_apps.portability.adapters import Travel, register_travel
        from tenants.ending import register_look

        closing_begun.connect(receivers.on_closing_begun, dispatch_uid="farewell.closing_begun")
        closing_moved.connect(receivers.on_closing_moved, dispatch_uid="farewell.closing_moved")
        register_look(selectors.look)
        register_travel("farewell.Farewell", Travel(stays=True))  # a copy does not close
        register(
            NavItem(
                label="Close the network",
                about="End it for good: notice to members, time to take everything along, deletion",
                url_name="farewell:manage",
                icon="lock",
                area=Area.DESK,
                order=99,
                requires=lambda request: can_close(request.member),
            )
        )
