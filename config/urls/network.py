"""URLs of each network’s host."""

from django.urls import URLPattern, URLResolver, include, path

from shared_apps.api.rest.resources import Router
from shared_apps.api.urls import api_urls
from shared_apps.core.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django finds them here
from shared_apps.schools.api import SchoolResource
from tenant_apps.address.api import CHECK_METHODS, DOMAIN_METHODS, DomainCheckResource, DomainResource
from tenant_apps.discussions.api import (
    HELPFUL_METHODS,
    HISTORY_METHODS,
    ORIGINAL_METHODS,
    POLL_CLOSE_METHODS,
    POLL_METHODS,
    POLL_REOPEN_METHODS,
    VOTE_METHODS,
    ArchiveResource,
    CategoryResource,
    DiscussionResource,
    DraftResource,
    HelpfulResource,
    HiddenResource,
    HistoryResource,
    OriginalResource,
    PollResource,
    ReplyResource,
    SimilarResource,
    TagResource,
    WaitingResource,
)
from tenant_apps.farewell.api import CLOSING_METHODS, ClosingResource
from tenant_apps.files.api import FILES_METHODS, FileResource, FilesOfResource
from tenant_apps.members.api import MemberResource
from tenant_apps.moderation.api import (
    ActResource,
    AppealResource,
    CaseResource,
    ReportElsewhereResource,
    ReportResource,
)
from tenant_apps.notifications.api import (
    PREFERENCES_METHODS,
    RESUME_METHODS,
    NotificationResource,
    PreferencesResource,
)
from tenant_apps.notifications.inbound.api import HeldMailResource
from tenant_apps.portability.api.archives import ExportResource
from tenant_apps.search.api import SearchResource
from tenant_apps.setup.api import EXAMPLES_METHODS, SETUP_METHODS, SetupResource
from tenant_apps.sharing.api import SHARE_METHODS, ShareResource
from tenant_apps.suppliers.api import RecommendationResource, SupplierRecommendationResource, SupplierResource
from tenant_apps.support.api import SupportResource
from tenants.permissions import works_read_only

api = Router()  # one line for each resource
api.register("appeals", AppealResource, "appeal")
api.register("archives", ArchiveResource, "archive")
api.register("categories", CategoryResource, "category")
api.register("discussions", DiscussionResource, "discussion")
api.register("discussions/<uuid:discussion_id>/replies", ReplyResource, "reply")
api.register("discussions/similar", SimilarResource, "similar-discussion")
api.register("drafts", DraftResource, "draft")
api.register("exports", ExportResource, "export")
api.register("files", FileResource, "file")
api.register("held-mail", HeldMailResource, "held-mail")
api.register("hidden-discussions", HiddenResource, "hidden-discussion")
api.register("members", MemberResource, "member")
api.register("notifications", NotificationResource, "notification")
api.register("acts", ActResource, "act")
api.register("cases", CaseResource, "case")
api.register("reports", ReportResource, "report")
api.register("reports-elsewhere", ReportElsewhereResource, "report-elsewhere")
api.register("recommendations", RecommendationResource, "recommendation")
api.register("schools", SchoolResource, "school")
api.register("search", SearchResource, "search")
api.register("suppliers", SupplierResource, "supplier")
api.register("suppliers/<uuid:supplier_id>/recommendations", SupplierRecommendationResource, "supplier-recommendation")
api.register("support-requests", SupportResource, "support-request")
api.register("tags", TagResource, "tag")
api.register("waiting-questions", WaitingResource, "waiting-question")

A_DISCUSSION = "api/v1/discussions/<uuid:discussion_id>/"
A_REPLY = A_DISCUSSION + "replies/<uuid:reply_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("shared_apps.accounts.urls")),
    path("", include("tenant_apps.members.urls")),
    path("", include("tenant_apps.notifications.urls")),
    path("", include("tenant_apps.home.urls")),
    path("", include("tenant_apps.search.urls")),
    path("", include("tenant_apps.discussions.urls")),
    path("", include("tenant_apps.files.urls")),
    path("", include("shared_apps.schools.urls")),
    path("", include("tenant_apps.suppliers.urls")),
    path("", include("tenant_apps.moderation.urls")),
    path("", include("tenant_apps.sharing.urls")),
    path("", include("tenant_apps.portability.urls")),
    path("", include("tenant_apps.plan.urls")),
    path("", include("tenant_apps.setup.urls")),
    path("", include("tenant_apps.support.urls")),
    path("", include("tenant_apps.farewell.urls")),
    path("", include("tenant_apps.address.urls")),
    path("", include("shared_apps.core.urls")),
    path("dev/mail/", include("shared_apps.mail.urls")),
    path("api/v1/discussions/<uuid:pk>/files/", FilesOfResource.as_view(FILES_METHODS, kind="discussion")),
    path(
        "api/v1/discussions/<uuid:discussion_id>/replies/<uuid:pk>/files/",
        FilesOfResource.as_view(FILES_METHODS, kind="reply"),
    ),
    path(f"{A_DISCUSSION}poll/", PollResource.as_view(POLL_METHODS)),
    path(f"{A_DISCUSSION}poll/close/", PollResource.as_view(POLL_CLOSE_METHODS)),
    path(f"{A_DISCUSSION}poll/reopen/", PollResource.as_view(POLL_REOPEN_METHODS)),
    path(f"{A_DISCUSSION}poll/vote/", PollResource.as_view(VOTE_METHODS)),
    path(f"{A_DISCUSSION}helpful/", HelpfulResource.as_view(HELPFUL_METHODS)),
    path(f"{A_DISCUSSION}history/", HistoryResource.as_view(HISTORY_METHODS)),
    path(f"{A_DISCUSSION}original/", OriginalResource.as_view(ORIGINAL_METHODS)),
    path(f"{A_REPLY}helpful/", HelpfulResource.as_view(HELPFUL_METHODS)),
    path(f"{A_REPLY}history/", HistoryResource.as_view(HISTORY_METHODS)),
    path(f"{A_REPLY}original/", OriginalResource.as_view(ORIGINAL_METHODS)),
    path("api/v1/discussions/<uuid:pk>/share/", ShareResource.as_view(SHARE_METHODS, kind="discussion")),
    path("api/v1/closing/", works_read_only(ClosingResource.as_view(CLOSING_METHODS))),
    path("api/v1/domain/", DomainResource.as_view(DOMAIN_METHODS)),
    path("api/v1/domain/check/", DomainCheckResource.as_view(CHECK_METHODS)),
    path("api/v1/notification-preferences/", PreferencesResource.as_view(PREFERENCES_METHODS)),
    path("api/v1/notification-preferences/address/", PreferencesResource.as_view(RESUME_METHODS)),
    path("api/v1/recommendations/<uuid:pk>/share/", ShareResource.as_view(SHARE_METHODS, kind="recommendation")),
    path("api/v1/setup/", SetupResource.as_view(SETUP_METHODS)),
    path("api/v1/setup/examples/", SetupResource.as_view(EXAMPLES_METHODS)),
    *api_urls(api),
]
