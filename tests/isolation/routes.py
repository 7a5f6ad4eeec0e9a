"""Every address of every kind of host, read from the URLconfs, filled with ids of things."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.urls import URLPattern

from tenants.ids import random_id
from tests.isolation.world import Place, World

KINDS = ("network", "collective", "platform")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")

# What a parameter of an address is an id of: a name in Place.ids or World.ids, or in Place.secrets. A new parameter
# must be named here; until then the crawl fails.
MEANS = {
    "network": {
        "act_id": "act_id",
        "appeal_id": "appeal_id",
        "archive_id": "archive_id",
        "case_id": "case_id",
        "category_id": "category_id",
        "discussion_id": "discussion_id",
        "export_id": "export_id",
        "file_id": "file_id",
        "grant_id": "grant_id",
        "inbound_id": "inbound_id",
        "invitation_id": "invitation_id",
        "invoice_id": "invoice_id",
        "item_id": "item_id",
        "member_id": "member_id",
        "message_id": "message_id",
        "name": "file_name",
        "note_id": "note_id",
        "posting_id": "posting_id",
        "publication_id": "publication_id",
        "recommendation_id": "recommendation_id",
        "reply_id": "reply_id",
        "school_id": "school_id",
        "source_id": "source_id",
        "supplier_id": "supplier_id",
        "tag_id": "tag_id",
        "token_id": "token_id",
    },
    "collective": {
        "message_id": "collective_message",
        "publication_id": "publication_id",
        "reply_id": "away_reply",
        "supplier_key": "supplier_key",
        "token_id": "token_id",
    },
    "platform": {
        "closing_id": "closing_id",
        "grant_id": "grant_id",
        "invoice_id": "invoice_id",
        "link_id": "link_id",
        "kept_id": "kept_id",
        "message_id": "platform_message",
        "network_id": "network_id",
        "report_id": "report_id",
        "request_id": "request_id",
        "reply_id": "away_reply",
        "token_id": "token_id",
    },
}
# Where the address says more than the parameter's name.
MEANS_HERE = {
    "api/v1/acts/<uuid:pk>/appeal/": {"pk": "act_id"},
    "api/v1/acts/<uuid:pk>/take-back/": {"pk": "act_id"},
    "api/v1/acts/<uuid:pk>/": {"pk": "act_id"},
    "api/v1/appeals/<uuid:pk>/": {"pk": "appeal_id"},
    "api/v1/appeals/<uuid:pk>/decision/": {"pk": "appeal_id"},
    "api/v1/archives/<uuid:pk>/": {"pk": "archive_id"},
    "api/v1/archives/<uuid:pk>/bring/": {"pk": "archive_id"},
    "api/v1/archives/<uuid:pk>/undo/": {"pk": "archive_id"},
    "api/v1/categories/<uuid:pk>/": {"pk": "category_id"},
    "api/v1/cases/<uuid:pk>/": {"pk": "case_id"},
    "api/v1/cases/<uuid:pk>/acts/": {"pk": "case_id"},
    "api/v1/discussions/<uuid:pk>/": {"pk": "discussion_id"},
    "api/v1/discussions/<uuid:pk>/approve/": {"pk": "discussion_id"},
    "api/v1/discussions/<uuid:pk>/author/": {"pk": "discussion_id"},
    "api/v1/discussions/<uuid:pk>/follow/": {"pk": "discussion_id"},
    "api/v1/discussions/<uuid:pk>/merge/": {"pk": "discussion_id"},
    "api/v1/discussions/<uuid:pk>/move/": {"pk": "discussion_id"},
    "api/v1/discussions/<uuid:pk>/refuse/": {"pk": "discussion_id"},
    "api/v1/discussions/<uuid:pk>/split/": {"pk": "discussion_id"},
    "api/v1/discussions/<uuid:pk>/unmerge/": {"pk": "discussion_id"},
    "api/v1/discussions/<uuid:pk>/files/": {"pk": "discussion_id"},
    "api/v1/discussions/<uuid:discussion_id>/original/": {"discussion_id": "emailed_id"},
    "api/v1/discussions/<uuid:discussion_id>/replies/<uuid:reply_id>/original/": {
        "discussion_id": "emailed_id",
        "reply_id": "emailed_reply_id",
    },
    "api/v1/discussions/<uuid:discussion_id>/replies/<uuid:pk>/files/": {"pk": "reply_id"},
    "api/v1/held-mail/<uuid:pk>/": {"pk": "inbound_id"},
    "api/v1/held-mail/<uuid:pk>/again/": {"pk": "inbound_id"},
    "api/v1/held-mail/<uuid:pk>/discard/": {"pk": "inbound_id"},
    "api/v1/held-mail/<uuid:pk>/give/": {"pk": "inbound_id"},
    "api/v1/held-mail/<uuid:pk>/invite/": {"pk": "inbound_id"},
    "api/v1/held-mail/<uuid:pk>/restore/": {"pk": "inbound_id"},
    "api/v1/drafts/<uuid:pk>/": {"pk": "draft_id"},
    "api/v1/exports/<uuid:pk>/": {"pk": "export_id"},
    "api/v1/exports/<uuid:pk>/download/": {"pk": "export_id"},
    "api/v1/files/<uuid:pk>/": {"pk": "file_id"},
    "api/v1/files/<uuid:pk>/content/": {"pk": "file_id"},
    "api/v1/discussions/<uuid:pk>/share/": {"pk": "source_id"},
    "api/v1/discussions/<uuid:discussion_id>/replies/<uuid:pk>/": {"pk": "reply_id"},
    "api/v1/members/<uuid:pk>/": {"pk": "member_id"},
    "api/v1/networks/<uuid:pk>/": {"pk": "network_id"},
    "api/v1/networks/<uuid:pk>/upgrade/": {"pk": "network_id"},
    "api/v1/networks/<uuid:pk>/closing/": {"pk": "network_id"},
    "api/v1/networks/<uuid:pk>/closing/preview/": {"pk": "network_id"},
    "api/v1/networks/<uuid:pk>/subscription/": {"pk": "network_id"},
    "api/v1/networks/<uuid:pk>/invoices/": {"pk": "network_id"},
    "api/v1/networks/<uuid:pk>/invoices/<uuid:invoice_id>/": {"pk": "network_id"},
    "api/v1/networks/<uuid:pk>/merge-back/": {"pk": "network_id"},
    "api/v1/networks/<uuid:pk>/domain/": {"pk": "network_id"},
    "api/v1/networks/<uuid:pk>/support/": {"pk": "network_id"},
    "api/v1/networks/<uuid:pk>/support/<uuid:grant_id>/": {"pk": "network_id"},
    "api/v1/notifications/<uuid:pk>/": {"pk": "notification_id"},
    "api/v1/publications/<uuid:pk>/": {"pk": "publication_id"},
    "api/v1/recommendations/<uuid:pk>/": {"pk": "recommendation_id"},
    "api/v1/recommendations/<uuid:pk>/share/": {"pk": "recommendation_id"},
    "api/v1/reports/<uuid:pk>/": {"pk": "report_id"},
    "api/v1/reports/<uuid:pk>/decision/": {"pk": "report_id"},
    "api/v1/requests/<uuid:pk>/": {"pk": "request_id"},
    "api/v1/restore-drills/<uuid:pk>/": {"pk": "drill_id"},
    "api/v1/requests/<uuid:pk>/accept/": {"pk": "request_id"},
    "api/v1/requests/<uuid:pk>/decline/": {"pk": "request_id"},
    "api/v1/schools/<uuid:pk>/": {"pk": "school_id"},
    "api/v1/suppliers/<uuid:pk>/": {"pk": "supplier_id"},
    "api/v1/support-requests/<uuid:pk>/": {"pk": "grant_id"},
    "api/v1/tags/<uuid:pk>/": {"pk": "tag_id"},
    "answers/<uuid:reply_id>/returned/": {"reply_id": "returned"},
    "kept/answers/<uuid:reply_id>/returned/": {"reply_id": "returned"},
    "discussions/<uuid:discussion_id>/original/": {"discussion_id": "emailed_id"},
    "discussions/<uuid:discussion_id>/replies/<uuid:reply_id>/original/": {
        "discussion_id": "emailed_id",
        "reply_id": "emailed_reply_id",
    },
    "join/<str:token>/": {"token": "invitation"},
    "join/<str:token>/code/": {"token": "invitation"},
    "join/<str:token>/school/": {"token": "invitation"},
    "join/<str:token>/details/": {"token": "invitation"},
    "notifications/unsubscribe/<str:token>/": {"token": "unsubscribe"},
    "<slug:plural>/<uuid:source_id>/share/": {"plural": "=discussions"},
    "<slug:plural>/<uuid:source_id>/share/withdraw/": {"plural": "=discussions"},
    "start/confirm/<str:token>/": {"token": "start_token"},
    "report/<slug:kind>/<uuid:object_id>/": {"kind": "=recommendation", "object_id": "recommendation_id"},
    "operator/networks/<uuid:network_id>/<slug:act>/": {"act": "=suspend"},
}
THE_SAME_EVERYWHERE = {  # belong to no network, or are for everybody, as certificates are
    *("school_id", "supplier_key", "network_id", "closing_id", "discussions", "suspend", "recommendation"),
    *("report_id", "request_id", "start_token", "drill_id"),
}
NO_NAME = {"^api/": "api/no-such-resource/"}


@dataclass(frozen=True)
class Route:
    """One address of a kind of host."""

    kind: str
    name: str
    pattern: str

    @property
    def parameters(self) -> list[str]:
        return _PARAMETER.findall(self.pattern)

    @property
    def foreign_parameters(self) -> list[str]:
        """The parameters that are ids of something in a network."""
        return [name for name in self.parameters if self.meaning(name).lstrip("=") not in THE_SAME_EVERYWHERE]

    def meaning(self, parameter: str) -> str:
        """Return what a parameter is an id of; fails for one that nobody has classified."""
        meant = MEANS_HERE.get(self.pattern, {}).get(parameter) or MEANS[self.kind].get(parameter)
        assert meant, f"Say in tests/isolation/routes.py what <{parameter}> is an id of in {self.pattern}."
        return meant

    def path(self, values: Mapping[str, Any]) -> str:
        """Return the address with a value for each parameter."""
        pattern = NO_NAME.get(self.pattern, self.pattern)
        return "/" + _PARAMETER.sub(lambda found: str(values[found[1]]), pattern)

    def values(self, world: World, place: Place) -> dict[str, str]:
        """Return ids of things of one network for the parameters."""
        return {name: _value(world, place, self.meaning(name)) for name in self.parameters}

    def random_values(self, like: Mapping[str, str]) -> dict[str, str]:
        """Return ids of nothing, of the same form as those given."""
        return {name: _random_like(value) for name, value in like.items()}


def routes(kind: str) -> list[Route]:
    """Return every address of a kind of host."""
    found = _walk(import_module(f"config.urls.{kind}").urlpatterns)
    return [Route(kind, name, pattern) for pattern, name in found]


def _walk(patterns: list, before: str = "", spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    for each in patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield path, ":".join((*spaces, each.name or ""))
        else:
            yield from _walk(each.url_patterns, path, (*spaces, *filter(None, [each.namespace])))


def _value(world: World, place: Place, meaning: str) -> str:
    if meaning.startswith("="):
        return meaning[1:]
    return str({**world.ids, **place.ids, **place.secrets}[meaning])


def _random_like(value: str) -> str:
    """Return an id that nothing has; a secret keeps its form but not its end, which is what is checked."""
    if re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{27}", value):
        return str(random_id())
    return value[:-8] + "AbCdEfGh"
