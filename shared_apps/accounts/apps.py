"""Configuration of the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts live in the public schema; a network's own tables hold only their ids."""

    name = "shared_apps.accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from shared_apps.accounts import receivers, selectors, tasks  # noqa: F401 - importing connects and schedules
        from shared_apps.core.navigation import Area, NavItem, register, register_places, signed_out
        from tenants.enums import Kind

        everywhere = tuple(Kind)
        register_places(selectors.places)
        register(
            NavItem(
                label="Your account",
                url_name="accounts:account",
                icon="person",
                area=Area.ACCOUNT,
                kinds=everywhere,
                order=80,
            ),
            NavItem(
                label="Your sites",
                url_name="accounts:switch",
                icon="arrow-right",
                area=Area.ACCOUNT,
                kinds=everywhere,
                order=85,
            ),
            NavItem(
                label="Sign out",
                url_name="account_logout",
                icon="box-arrow-right",
                area=Area.ACCOUNT,
                kinds=everywhere,
                order=90,
                post=True,
            ),
            NavItem(
                label="Sign in",
                url_name="account_login",
                area=Area.BAR,
                kinds=(Kind.PUBLIC, Kind.COLLECTIVE),
                requires=signed_out,
            ),
        )
