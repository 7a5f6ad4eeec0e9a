"""URLs of the platform's own host."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from collective.portal.api import DECISION_METHODS as REPORT_DECISION_METHODS
from collective.portal.api import PlatformReportResource, ReportDecisionResource
from collective.portal.urls import kept_urlpatterns
from shared_apps.accounts.urls import platform_urlpatterns
from shared_apps.api.rest.resources import Router
from shared_apps.api.urls import api_urls
from shared_apps.billing.api import (
    INVOICE_METHODS,
    INVOICES_METHODS,
    SUBSCRIPTION_METHODS,
    InvoiceResource,
    InvoicesResource,
    SubscriptionResource,
)
from shared_apps.closing.api import CLOSING_METHODS, PREVIEW_METHODS, ClosingResource
from shared_apps.core.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django finds them here
from shared_apps.domains.api import DOMAIN_METHODS, NetworkDomainResource
from shared_apps.grants.api import GRANT_METHODS, GRANTS_METHODS, GrantResource
from shared_apps.mail.webhooks import tracking_urls, webhook_urls
from shared_apps.operator.api import (
    AHEAD_METHODS,
    DECISION_METHODS,
    DRILL_METHODS,
    DRILLS_METHODS,
    SERVER_ONLY_METHODS,
    UPGRADE_METHODS,
    AcceptResource,
    DeclineResource,
    DrillResource,
    NetworkResource,
    RequestResource,
    ServerOnlyResource,
    TemplateResource,
    UpgradeResource,
)
from tenant_apps.portability.api.returning import RETURN_METHODS, ReturnResource
from tenant_apps.portability.urls import platform_urls as portability_urls

MAKES_OPERATORS = "manage.py make_operator EMAIL, and manage.py unmake_operator EMAIL."
RESETS_SECOND_STEPS = "manage.py reset_second_step EMAIL, once you know by telephone that it is they who ask."

api = Router()  # one line for each resource
api.register("networks", NetworkResource, "network")
api.register("requests", RequestResource, "request")
api.register("reports", PlatformReportResource, "report")
api.register("templates", TemplateResource, "template")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(platform_urlpatterns)),
    path("", include("shared_apps.billing.urls")),
    path("", include("shared_apps.domains.urls")),
    path("", include("shared_apps.grants.urls")),
    path("", include("shared_apps.requests.urls")),
    path("", include(portability_urls)),
    path("", include("shared_apps.closing.urls")),
    path("", include((kept_urlpatterns, "kept"))),
    path("", include("shared_apps.operator.urls")),
    path("", include("shared_apps.core.urls")),
    path("dev/mail/", include("shared_apps.mail.urls")),
    path("mail/in/", include(webhook_urls(settings.ANYMAIL_INBOUND))),
    path("mail/events/", include(tracking_urls(settings.ANYMAIL_TRACKING))),
    path("api/v1/networks/<uuid:pk>/upgrade/", UpgradeResource.as_view(UPGRADE_METHODS)),
    path("api/v1/networks/<uuid:pk>/subscription/", SubscriptionResource.as_view(SUBSCRIPTION_METHODS)),
    path("api/v1/networks/<uuid:pk>/invoices/", InvoicesResource.as_view(INVOICES_METHODS)),
    path("api/v1/networks/<uuid:pk>/invoices/<uuid:invoice_id>/", InvoiceResource.as_view(INVOICE_METHODS)),
    path("api/v1/networks/<uuid:pk>/closing/", ClosingResource.as_view(CLOSING_METHODS)),
    path("api/v1/networks/<uuid:pk>/closing/preview/", ClosingResource.as_view(PREVIEW_METHODS)),
    path("api/v1/networks/<uuid:pk>/domain/", NetworkDomainResource.as_view(DOMAIN_METHODS)),
    path("api/v1/networks/<uuid:pk>/support/", GrantResource.as_view(GRANTS_METHODS)),
    path("api/v1/networks/<uuid:pk>/support/<uuid:grant_id>/", GrantResource.as_view(GRANT_METHODS)),
    path("api/v1/reports/<uuid:pk>/decision/", ReportDecisionResource.as_view(REPORT_DECISION_METHODS)),
    path("api/v1/requests/<uuid:pk>/accept/", AcceptResource.as_view(DECISION_METHODS)),
    path("api/v1/requests/<uuid:pk>/decline/", DeclineResource.as_view(DECISION_METHODS)),
    path("api/v1/restore-drills/", DrillResource.as_view(DRILLS_METHODS)),
    path("api/v1/restore-drills/preview/", DrillResource.as_view(AHEAD_METHODS)),
    path("api/v1/restore-drills/<uuid:pk>/", DrillResource.as_view(DRILL_METHODS)),
    path("api/v1/operators/", ServerOnlyResource.as_view(SERVER_ONLY_METHODS, how=MAKES_OPERATORS)),
    path("api/v1/second-steps/", ServerOnlyResource.as_view({"delete": "destroy"}, how=RESETS_SECOND_STEPS)),
    path("api/v1/networks/<uuid:pk>/merge-back/", ReturnResource.as_view(RETURN_METHODS)),
    *api_urls(api),
]
