"""Configuration of the moderation app."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Lives in each network's schema; features register what can be reported."""

    name = "tenant_apps.moderation"
    label = "moderation"
    verbose_name = "Moderation"

    def ready(self) -> None:
        """Show the queue to moderators, and to everybody what was done about what they wrote."""
        from shared_apps.core.navigation import Area, NavItem, register
        from tenant_apps.files.adapters import register_refusal
        from tenant_apps.members.permissions import is_moderator, is_organiser
        from tenant_apps.moderation.limits import refusal_to_attach
        from tenant_apps.moderation.selectors import count_for_request

        register_refusal(refusal_to_attach)
        register(
            NavItem(
                label="Moderation",
                about="What members reported, and what was done about it",
                url_name="moderation:queue",
                icon="flag",
                area=Area.DESK,
                order=82,
                count=count_for_request,
                count_word="waiting",
                requires=lambda request: is_organiser(request.member),
            ),
            NavItem(
                label="Moderation",
                url_name="moderation:queue",
                icon="flag",
                group="Organising",
                order=82,
                count=count_for_request,
                count_word="waiting",
                requires=lambda request: is_moderator(request.member) and not is_organiser(request.member),
            ),
            NavItem(
                label="Your reports and appeals", url_name="moderation:mine", icon="flag", order=40, area=Area.ACCOUNT
            ),
        )
