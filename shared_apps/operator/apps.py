"""Configuration of the operator app."""

from django.apps import AppConfig


class OperatorConfig(AppConfig):
    """Lives in the public schema; its pages are on the platform's host only."""

    name = "shared_apps.operator"
    label = "operator"
    verbose_name = "Operator"

    def ready(self) -> None:
        """Show the console in the platform's bar."""
        from shared_apps.accounts.permissions import is_operator
        from shared_apps.core.navigation import NavItem, register
        from tenants.enums import Kind

        register(
            NavItem(
                label="Networks",
                url_name="operator:network_list",
                icon="grid",
                kinds=(Kind.PUBLIC,),
                requires=lambda request: is_operator(request.user),
            )
        )
