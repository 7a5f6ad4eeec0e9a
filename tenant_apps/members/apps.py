"""Configuration of the members app."""

from functools import partial

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

        _register_navigation()
        register_step(
            Step(
                name="owner",
                label="Inviting the owner",
                reaches=NetworkState.SEEDED,
                run=services.invite_owner,
                order=10,
                repeats=True,
                seeds=True,
            )
        )


def _register_navigation() -> None:
    from shared_apps.core.navigation import Area, NavItem, register
    from tenant_apps.members.permissions import organises

    desk = partial(NavItem, area=Area.DESK, requires=organises)
    register(
        NavItem(label="Members", url_name="members:member_list", icon="people", order=30, thumb=True),
        NavItem(label="Your details", url_name="members:me", icon="person", order=10, area=Area.ACCOUNT),
        NavItem(
            label="Organise",
            url_name="members:manage",
            icon="list-check",
            group="Organising",
            order=80,
            requires=organises,
        ),
        desk(
            label="Invitations and roles",
            about="Who may enter, and who may do what",
            url_name="members:manage_members",
            icon="person-plus",
            order=81,
        ),
        desk(
            label="Colour and welcome",
            about="What members and visitors see first",
            url_name="members:branding",
            icon="palette",
            order=89,
        ),
    )
