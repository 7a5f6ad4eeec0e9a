"""Configuration of the home app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Has no tables; draws a network's front page from what the features say."""

    name = "tenant_apps.home"
    label = "home"
    verbose_name = "Home"

    def ready(self) -> None:
        """Show the front page first."""
        from shared_apps.core.navigation import NavItem, register

        register(NavItem(label="Home", url_name="home:home", icon="house", order=10, thumb=True))
