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

        for order, (label, url_name, icon) in enumerate(
            (
                ("Networks", "operator:network_list", "grid"),
                ("Requests", "operator:request_list", "envelope"),
                ("Overview", "operator:overview", "bar-chart-line"),
                ("Jobs", "operator:job_list", "list-check"),
            )
        ):
            register(
                NavItem(
                    label=label,
                    url_name=url_name,
                    icon=icon,
                    order=order,
                    kinds=(Kind.PUBLIC,),
                    requires=lambda request: is_operator(request.user),
                )
            )
