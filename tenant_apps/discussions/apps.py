"""Configuration of the discussions app."""

from django.apps import AppConfig


class DiscussionsConfig(AppConfig):
    """Lives in each network's schema; gives a new network its categories and makes discussions shareable."""

    name = "tenant_apps.discussions"
    label = "discussions"
    verbose_name = "Discussions"

    def ready(self) -> None:  # noqa: PLR0915 - a list of registrations
        """Register the categories' step, the sharing adapter, and the listener for answers from elsewhere."""
        from collective.publications.signals import publication_replied, reply_withdrawn
        from shared_apps.core.navigation import Area, NavItem, register
        from tenant_apps.discussions.adapters import (
            DiscussionAdapter,
            DiscussionFiles,
            ReplyFiles,
            ReportableDiscussion,
            ReportableReply,
            followed_categories,
        )
        from tenant_apps.discussions.emailing import ReplyByEmail, StartByEmail, category_named
        from tenant_apps.discussions.exporting import HIDDEN_VOTES, ReadableDiscussions, nameless, settle
        from tenant_apps.discussions.receivers import on_publication_replied, on_reply_withdrawn
        from tenant_apps.discussions.returning import RETURNING
        from tenant_apps.discussions.selectors import count_waiting_for_request
        from tenant_apps.discussions.services import MAX_ARCHIVE_BYTES, seed_categories
        from tenant_apps.files.adapters import register_owner
        from tenant_apps.files.uploads import take_larger
        from tenant_apps.members.permissions import is_moderator, is_organiser
        from tenant_apps.moderation.adapters import register_reportable
        from tenant_apps.notifications.adapters import register_topics
        from tenant_apps.notifications.inbound.destinations import register_destination
        from tenant_apps.portability.adapters import (
            Settler,
            Travel,
            register_masks,
            register_readable,
            register_settler,
            register_travel,
            register_tree,
        )
        from tenant_apps.sharing.adapters import register_adapter
        from tenants.beginnings import template_named
        from tenants.enums import NetworkState
        from tenants.lifecycle import Step, register_step

        register_adapter(DiscussionAdapter())
        register_topics(followed_categories)
        register_readable(ReadableDiscussions())
        register_tree(RETURNING)
        register_settler("discussions", Settler(settle))
        register_masks("discussions", nameless)
        register_travel("discussions.Draft", Travel(private="TRUE"))
        register_travel("discussions.PollVote", Travel(private=HIDDEN_VOTES))
        register_travel("discussions.Archive", Travel(columns={"path": "''::text"}))  # the upload stays behind
        register_reportable(ReportableDiscussion())
        register_reportable(ReportableReply())
        register_owner(DiscussionFiles())
        register_owner(ReplyFiles())
        take_larger("/manage/archives/", MAX_ARCHIVE_BYTES)
        take_larger("/api/v1/archives/", MAX_ARCHIVE_BYTES)
        register_destination(ReplyByEmail())
        register_destination(StartByEmail(), names=category_named)
        register_step(
            Step(
                "categories",
                "Adding categories",
                NetworkState.SEEDED,
                lambda network: seed_categories(template_named(network.template).subjects),
                order=20,
                seeds=True,
            )
        )
        register(
            NavItem(
                label="Discussions", url_name="discussions:discussion_list", icon="chat-dots", order=20, thumb=True
            ),
            NavItem(
                label="Mailing lists",
                about="Bring in what was said before",
                url_name="discussions:archive_list",
                icon="journal-text",
                area=Area.DESK,
                order=88,
                requires=lambda request: is_organiser(request.member),
            ),
            NavItem(
                label="Categories",
                about="What discussions are sorted by",
                url_name="discussions:category_list",
                icon="bookmark",
                area=Area.DESK,
                order=85,
                requires=lambda request: is_organiser(request.member),
            ),
            NavItem(
                label="Tags",
                about="Words that discussions have in common",
                url_name="discussions:tag_list",
                icon="tag",
                area=Area.DESK,
                order=86,
                requires=lambda request: is_organiser(request.member),
            ),
            NavItem(
                label="Waiting questions",
                about="Questions without a name, before members see them, and what is hidden",
                url_name="discussions:waiting_list",
                icon="incognito",
                area=Area.DESK,
                order=83,
                count=count_waiting_for_request,
                count_word="waiting",
                requires=lambda request: is_organiser(request.member),
            ),
            NavItem(
                label="Waiting questions",
                url_name="discussions:waiting_list",
                icon="incognito",
                group="Organising",
                order=83,
                requires=lambda request: is_moderator(request.member) and not is_organiser(request.member),
            ),
        )
        publication_replied.connect(on_publication_replied, dispatch_uid="discussions.away_reply")
        reply_withdrawn.connect(on_reply_withdrawn, dispatch_uid="discussions.away_reply_withdrawn")
