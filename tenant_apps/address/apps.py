"""Configuration of the address app."""

from django.apps import AppConfig


class AddressConfig(AppConfig):
    """Shows a network's owners what is in `shared_apps.domains`, and tells them what happens there."""

    name = "tenant_apps.address"
    label = "address"
    verbose_name = "Address"

    def ready(self) -> None:
        """Tell owners what happens to their domain, and show them the page."""
        from shared_apps.core.navigation import Area, NavItem, register
        from shared_apps.domains.signals import domain_changed
        from tenant_apps.address.receivers import on_domain_changed
        from tenant_apps.members.permissions import is_owner

        domain_changed.connect(on_domain_changed, dispatch_uid="address.domain_changed")
        register(
            NavItem(
                label="Address",
                about="A domain of your own, and the records it needs",
                url_name="address:address",
                icon="globe2",
                area=Area.DESK,
                order=94,
                requires=lambda request: is_owner(request.member),
            )
        )
