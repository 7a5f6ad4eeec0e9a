"""Publications and replies as the API shows and takes them."""

from html import unescape

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from rest_framework import serializers

from collective.portal.selectors import Result
from collective.publications.enums import Decision, Identity, PublicationKind, ReportReason
from collective.publications.models import PublicationReply, PublicationReport
from collective.publications.services import MAX_REPLY_LENGTH, MAX_REPORT_LENGTH
from tenants.selectors import collective_url


class ResultSerializer(serializers.Serializer):
    """A publication in a list; `network` is null for an anonymous one, `score` 0 where nobody searched."""

    id = serializers.UUIDField(source="publication.id")
    kind = serializers.ChoiceField(PublicationKind.choices, source="publication.kind")
    title = serializers.CharField(source="publication.title")
    snippet = serializers.SerializerMethodField()
    network = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    score = serializers.FloatField()
    category = serializers.CharField(source="publication.category")
    is_answered = serializers.BooleanField(source="publication.is_answered")
    is_closed = serializers.BooleanField(source="publication.is_closed")
    created_at = serializers.DateTimeField(source="publication.shown_at")

    def get_snippet(self, result: Result) -> str:
        """Return the passage that matched, as plain text."""
        text = result.text
        return unescape(strip_tags(text)) if isinstance(text, SafeString) else text

    def get_network(self, result: Result) -> serializers.CharField(allow_null=True):
        """Return the network it is shown under."""
        return result.publication.shown_network or None

    def get_url(self, result: Result) -> str:
        """Return the address of its page."""
        return collective_url(reverse("portal:publication_detail", args=[result.publication.id]))


class PublicationSerializer(ResultSerializer):
    """A publication whole."""

    body = serializers.CharField(source="publication.body")
    author = serializers.SerializerMethodField()
    replies = serializers.IntegerField(source="publication.shown_replies")
    supplier = serializers.CharField(source="publication.supplier_name")
    response = serializers.IntegerField(source="publication.response", allow_null=True)
    quality = serializers.IntegerField(source="publication.quality", allow_null=True)
    value = serializers.IntegerField(source="publication.value", allow_null=True)
    would_use_again = serializers.BooleanField(source="publication.would_use_again", allow_null=True)
    phase = serializers.CharField(source="publication.phase")
    size = serializers.CharField(source="publication.size")

    def get_author(self, result: Result) -> str:
        """Return as much of the author as they chose to show."""
        publication = result.publication
        return ", ".join(filter(None, (publication.shown_name, publication.shown_role)))


class PublicationReplySerializer(serializers.Serializer):
    """A reply from another network."""

    id = serializers.UUIDField()
    body = serializers.CharField()
    author = serializers.SerializerMethodField()
    network = serializers.SerializerMethodField()
    is_answer = serializers.BooleanField()
    created_at = serializers.DateTimeField(source="shown_at")

    def get_author(self, reply: PublicationReply) -> str:
        """Return as much of the author as they chose to show."""
        return ", ".join(filter(None, (reply.shown_name, reply.shown_role)))

    def get_network(self, reply: PublicationReply) -> serializers.CharField(allow_null=True):
        """Return the network it is shown under."""
        return reply.shown_network or None


class NewPublicationReplySerializer(serializers.Serializer):
    """Answer from the token's network."""

    body = serializers.CharField(max_length=MAX_REPLY_LENGTH)
    identity = serializers.ChoiceField(Identity.choices, default=Identity.NAMED)


class NewPublicationReportSerializer(serializers.Serializer):
    """Report a publication, or with `reply` one of the replies to it."""

    reply = serializers.UUIDField(required=False, allow_null=True, default=None)
    reason = serializers.ChoiceField(ReportReason.choices)
    words = serializers.CharField(max_length=MAX_REPORT_LENGTH, required=False, allow_blank=True, default="")


class PublicationReportSerializer(serializers.Serializer):
    """A report; how each network ended it is one of its moderators' words, empty while they have not decided."""

    id = serializers.UUIDField()
    publication = serializers.UUIDField(source="publication_id")
    reply = serializers.UUIDField(source="reply_id", allow_null=True)
    reason = serializers.ChoiceField(ReportReason.choices)
    words = serializers.CharField()
    created_at = serializers.DateTimeField()
    origin_outcome = serializers.CharField()
    author_outcome = serializers.CharField()


class PlatformReportSerializer(PublicationReportSerializer):
    """A report about what a closed network left; `origin_outcome` is the decision, empty while it waits."""

    title = serializers.CharField()
    text = serializers.SerializerMethodField(help_text="What was reported, as it stands now; null when it is gone.")
    decided_at = serializers.DateTimeField(source="origin_decided_at", allow_null=True)

    def get_text(self, report: PublicationReport) -> str | None:
        """Return the text, read for all reports at once."""
        found: str | None = self.context["texts"].get(report.id)
        return found


class DecisionSerializer(serializers.Serializer):
    """What becomes of it."""

    decision = serializers.ChoiceField(Decision.choices, help_text="A publication taken down goes for good.")
