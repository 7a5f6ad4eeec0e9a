"""Configuration of the setup app."""

from django.apps import AppConfig


class SetupConfig(AppConfig):
    """Lives in each network's schema; gives a new network its examples and its owners a list of what is left to do."""

    name = "tenant_apps.setup"
    label = "setup"
    verbose_name = "Set-up"

    def ready(self) -> None:
        """Register the examples' step, the list on the organisers' desk, and its page."""
        from shared_apps.core.navigation import Area, NavItem, register
        from tenant_apps.members.adapters import register_tasks
        from tenant_apps.members.permissions import is_owner
        from tenant_apps.setup.selectors import tasks_of
        from tenant_apps.setup.services import seed_examples
        from tenants.enums import NetworkState
        from tenants.lifecycle import Step, register_step

        register_tasks(lambda request: [task for task in tasks_of(request.member, request.network) if not task.done])
        register_step(
            Step("examples", "Adding examples", NetworkState.SEEDED, seed_examples, order=40, seeds=True),
        )
        register(
            NavItem(
                label="Set-up and examples",
                about="What is left to do, and what was made up to begin with",
                url_name="setup:checklist",
                icon="list-check",
                area=Area.DESK,
                order=80,
                requires=lambda request: is_owner(request.member),
            )
        )
