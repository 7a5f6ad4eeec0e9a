"""Configuration of the sharing app."""

from functools import partial

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Lives in each network's schema; makes a network known to the Collective when it is seeded."""

    name = "tenant_apps.sharing"
    label = "sharing"
    verbose_name = "Sharing"

    def ready(self) -> None:  # noqa: PLR0915 - a list of registrations
        """Register the policy's step of onboarding and listen to the Collective."""
        from collective.publications.signals import publication_reported, report_decided, returned_reply_withdrawn
        from shared_apps.core.navigation import Area, NavItem, register
        from tenant_apps.members.permissions import is_organiser
        from tenant_apps.members.signals import member_changed
        from tenant_apps.moderation.adapters import register_reportable
        from tenant_apps.moderation.signals import case_decided, reported
        from tenant_apps.portability.adapters import Part, Settler, register_part, register_settler
        from tenant_apps.sharing import receivers, services
        from tenant_apps.sharing.receivers import on_member_changed, on_returned_reply_withdrawn
        from tenant_apps.sharing.reportables import ReportableAwayReply, ReportableSentReply
        from tenants.beginnings import template_named
        from tenants.ending import Ending, register_ending
        from tenants.enums import NetworkState
        from tenants.lifecycle import Step, register_step

        register_step(
            Step(
                "sharing",
                "Joining the Collective",
                NetworkState.SEEDED,
                lambda network: services.join_collective(template_named(network.template)),
                undo=services.leave_collective,
                order=30,
            )
        )
        register(NavItem(label="What other networks can see", url_name="sharing:ledger", area=Area.FOOT))
        register(
            NavItem(
                label="Sharing",
                about="What may leave for the Collective, and what has left",
                url_name="sharing:manage",
                icon="share",
                area=Area.DESK,
                order=90,
                requires=lambda request: is_organiser(request.member),
            )
        )
        register_part(Part("collective/publications", services.publications_here))
        register_part(Part("collective/replies", services.replies_here))
        elsewhere = services.replies_elsewhere
        register_part(Part("collective/replies-elsewhere", elsewhere, owners=partial(elsewhere, full=False)))
        register_settler(
            "sharing", Settler(services.let_go_of_all, finish=lambda publish: services.begin_anew(publish=publish))
        )
        register_ending(Ending("authors", services.note_authors, order=15))
        register_reportable(ReportableAwayReply())
        register_reportable(ReportableSentReply())
        publication_reported.connect(receivers.on_publication_reported, dispatch_uid="sharing.publication_reported")
        report_decided.connect(receivers.on_report_decided, dispatch_uid="sharing.report_decided")
        reported.connect(receivers.on_reported, dispatch_uid="sharing.reported")
        case_decided.connect(receivers.on_case_decided, dispatch_uid="sharing.case_decided")
        member_changed.connect(on_member_changed, dispatch_uid="sharing.member_changed")
        returned_reply_withdrawn.connect(on_returned_reply_withdrawn, dispatch_uid="sharing.returned_reply")
