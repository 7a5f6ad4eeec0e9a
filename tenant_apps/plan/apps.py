"""Configuration of the plan app."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Shows a network's owners what is in `shared_apps.billing`, and tells them what happens there."""

    name = "tenant_apps.plan"
    label = "plan"
    verbose_name = "Plan"

    def ready(self) -> None:
        """Tell owners what billing says, and show them the page."""
        from shared_apps.billing.signals import notice_made
        from shared_apps.core.navigation import Area, NavItem, register
        from tenant_apps.members.permissions import is_owner
        from tenant_apps.plan.receivers import on_notice_made

        notice_made.connect(on_notice_made, dispatch_uid="plan.notice_made")
        register(
            NavItem(
                label="Plan and payment",
                about="What the network costs, its invoices, and how many members it has room for",
                url_name="plan:plan",
                icon="file-earmark-text",
                area=Area.DESK,
                order=92,
                requires=lambda request: is_owner(request.member),
            )
        )
