"""Configuration of the portability app."""

from django.apps import AppConfig

APPEALS_UNSIGNED = "CASE WHEN name = 'moderation.appeal.made' THEN NULL ELSE actor_id END"
AUTHOR_IF_NAMED = "CASE WHEN is_anonymous THEN NULL ELSE author_id END"
ABOUT_IF_NAMED = (
    "CASE WHEN (SELECT c.is_anonymous FROM moderation_case c WHERE c.id = t.case_id) THEN NULL ELSE about_id END"
)


class PortabilityConfig(AppConfig):
    """Takes a network out, and brings it back; the features register what of theirs is to be read."""

    name = "tenant_apps.portability"
    label = "portability"
    verbose_name = "Portability"

    def ready(self) -> None:
        """Say how the tables of the apps below travel, and what people see of members."""
        from shared_apps.core.navigation import Area, NavItem, register
        from tenant_apps.members.permissions import is_owner
        from tenant_apps.portability.adapters import Travel, register_readable, register_travel, register_tree
        from tenant_apps.portability.people import RETURNING, ReadablePeople

        register(
            NavItem(
                label="Take everything with you",
                about="One archive of the whole network, to keep or to move",
                url_name="portability:export_list",
                icon="download",
                area=Area.DESK,
                order=95,
                requires=lambda request: is_owner(request.member),
            )
        )
        register_readable(ReadablePeople())
        register_tree(RETURNING)
        register_travel("mail.Message", Travel(stays=True))  # on its way, or sent; it holds links that let people in
        register_travel("notifications.ReplyAddress", Travel(stays=True))  # secrets of an address that is left behind
        register_travel("mail.InboundMessage", Travel(private="TRUE"))  # emails as they came
        register_travel("audit.Event", Travel(private_columns={"address": "NULL::inet", "actor_id": APPEALS_UNSIGNED}))
        register_travel("moderation.Case", Travel(private_columns={"author_id": AUTHOR_IF_NAMED}))
        register_travel("moderation.Act", Travel(private_columns={"about_id": ABOUT_IF_NAMED}))
        register_travel("notifications.Notification", Travel(private="TRUE"))  # who was told of what
        register_travel("portability.Export", Travel(stays=True))
        register_travel("members.Invitation", Travel(columns={"code_hash": "''::text"}))  # six digits, soon guessed
