"""Configuration of the members app."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Lives in each network's schema."""

    name = "tenant_apps.members"
    label = "members"
    verbose_name = "Members"

    def ready(self) -> None:
        """Connect the receivers and register what the app adds to onboarding."""
        from tenant_apps.members import receivers, services  # noqa: F401 - importing receivers connects them
        from tenants.enums import NetworkState
        from tenants.lifecycle import Step, register_step

        register_step(
            Step(
                name="owner",
                label="Inviting the owner",
                reaches=NetworkState.SEEDED,
                run=services.invite_owner,
                order=10,
                repeats=True,
            )
        )
