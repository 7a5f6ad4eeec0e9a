"""Configuration of the portal app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Has no tables; its pages answer on the Collective's host."""

    name = "collective.portal"
    label = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Show the portal's pages in its bar, and the way to it on every network.

        Keep the accounts of those who have something left there, and tell those whom no network tells any more.
        """
        from collective.portal import receivers
        from collective.portal.selectors import keep_authors, way_here
        from collective.publications.signals import publication_reported, replies_returned
        from shared_apps.accounts.permissions import is_operator
        from shared_apps.accounts.services import register_keeper
        from shared_apps.core.navigation import Area, NavItem, register
        from tenants.enums import Kind

        register_keeper(keep_authors)
        replies_returned.connect(receivers.on_replies_returned, dispatch_uid="portal.replies_returned")
        publication_reported.connect(receivers.on_publication_reported, dispatch_uid="portal.publication_reported")
        here = (Kind.COLLECTIVE,)
        register(
            NavItem(
                label="Reports",
                url_name="kept:report_list",
                icon="flag",
                kinds=(Kind.PUBLIC,),
                order=10,
                requires=lambda request: is_operator(request.user),
            ),
            NavItem(label="Search", url_name="portal:search", icon="search", kinds=here, order=10, thumb=True),
            NavItem(
                label="Waiting for an answer",
                url_name="portal:waiting",
                icon="question-circle",
                kinds=here,
                order=20,
                thumb=True,
                short="Waiting",
            ),
            NavItem(label="Suppliers", url_name="portal:supplier_list", icon="shop", kinds=here, order=30, thumb=True),
            NavItem(
                label="Your answers",
                url_name="portal:answers",
                icon="chat-dots",
                kinds=here,
                order=40,
                thumb=True,
                short="Answers",
            ),
            NavItem(label="The Collective", url=way_here, icon="globe2", area=Area.BAR),
        )
