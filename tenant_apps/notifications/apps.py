"""Configuration of the notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Lives in each network's schema."""

    name = "tenant_apps.notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        """Take incoming email, and let emails about a thing be answered by email."""
        from shared_apps.core.navigation import Area, NavItem, register
        from shared_apps.mail.adapters import register_inbox
        from tenant_apps.members.permissions import organises
        from tenant_apps.members.signals import member_changed
        from tenant_apps.notifications.adapters import register_reply_addresses
        from tenant_apps.notifications.inbound.addresses import reply_addresses
        from tenant_apps.notifications.inbound.keeping import count_held
        from tenant_apps.notifications.inbound.reading import NetworkInbox
        from tenant_apps.notifications.receivers import on_member_changed, on_writable_again
        from tenant_apps.notifications.selectors import unseen_everywhere
        from tenants.signals import writable_again

        register(
            NavItem(
                label="Inbox",
                url_name="notifications:inbox",
                icon="bell",
                area=Area.BAR,
                order=10,
                icon_only=True,
                count=unseen_everywhere,
            ),
            NavItem(
                label="What you are told of",
                url_name="notifications:preferences",
                icon="bell",
                area=Area.ACCOUNT,
                order=20,
            ),
        )
        member_changed.connect(on_member_changed, dispatch_uid="notifications.member_changed")
        writable_again.connect(on_writable_again, dispatch_uid="notifications.writable_again")
        register_inbox(NetworkInbox())
        register_reply_addresses(reply_addresses)
        register(
            NavItem(
                label="Email",
                about="What was sent to the network and could not be posted",
                url_name="notifications:mail_list",
                icon="envelope",
                area=Area.DESK,
                order=88,
                count=lambda _: count_held(),
                count_word="waiting",
                requires=organises,
            )
        )
