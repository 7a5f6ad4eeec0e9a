"""Configuration of the support app."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Shows a network's owners what is in `shared_apps.grants`, and keeps visitors to looking."""

    name = "tenant_apps.support"
    label = "support"
    verbose_name = "Support access"

    def ready(self) -> None:
        """Tell owners what is asked of them, and show them the page."""
        from shared_apps.core.navigation import Area, NavItem, register
        from shared_apps.grants.signals import grant_changed
        from tenant_apps.members.permissions import is_owner
        from tenant_apps.support.receivers import on_grant_changed

        grant_changed.connect(on_grant_changed, dispatch_uid="support.grant_changed")
        register(
            NavItem(
                label="Support access",
                about="Who of the platform asked to look in, what they saw, and your answer",
                url_name="support:grant_list",
                icon="key",
                area=Area.DESK,
                order=96,
                requires=lambda request: is_owner(request.member),
            )
        )
