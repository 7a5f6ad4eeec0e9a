"""Reports, cases and what moderators did, as the API shows and takes them."""

from rest_framework import serializers

from tenant_apps.moderation import messages, selectors
from tenant_apps.moderation.enums import DECISIONS, ActKind, CaseState, Reason
from tenant_apps.moderation.models import Appeal, Case, Report
from tenant_apps.moderation.services import MAX_WORDS


class ReportSerializer(serializers.Serializer):
    """What one reported, and how it ended."""

    id = serializers.UUIDField()
    title = serializers.CharField(source="case.title")
    reason = serializers.ChoiceField(Reason.choices)
    words = serializers.CharField()
    created_at = serializers.DateTimeField()
    ended = serializers.SerializerMethodField()

    def get_ended(self, report: Report) -> str:
        """Return how it ended in words, or nothing while it waits."""
        return messages.ended(report.case.outcome) if report.case.closed_at else ""


class NewReportSerializer(serializers.Serializer):
    """Report something; `kind` is discussion, reply, recommendation, supplier or away-reply."""

    kind = serializers.CharField(max_length=20)
    id = serializers.UUIDField()
    reason = serializers.ChoiceField(Reason.choices)
    words = serializers.CharField(max_length=MAX_WORDS, required=False, allow_blank=True, default="")


class CaseReportSerializer(serializers.Serializer):
    """One report of a case; `reporter` is empty for a member of another network."""

    reporter = serializers.SerializerMethodField()
    network = serializers.CharField(source="network_name")
    reason = serializers.ChoiceField(Reason.choices)
    words = serializers.CharField()
    created_at = serializers.DateTimeField()

    def get_reporter(self, report: Report) -> str:
        """Return who reported it."""
        return report.member.shown_name if report.member else ""


class ActSerializer(serializers.Serializer):
    """One entry of the moderators' log."""

    id = serializers.UUIDField()
    case = serializers.UUIDField(source="case_id")
    title = serializers.CharField(source="case.title")
    kind = serializers.ChoiceField(ActKind.choices)
    by = serializers.CharField(source="by.shown_name")
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    undoes = serializers.UUIDField(source="undoes_id", allow_null=True)


class CaseSerializer(serializers.Serializer):
    """Something that was reported; `author` is empty where nobody is named."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    object = serializers.UUIDField(source="object_id")
    title = serializers.CharField()
    text = serializers.CharField()
    author = serializers.SerializerMethodField()
    state = serializers.ChoiceField(CaseState.choices)
    outcome = serializers.CharField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)

    def get_author(self, case: Case) -> str:
        """Return who wrote it."""
        return case.author.shown_name if case.author and not case.is_anonymous else ""


class WholeCaseSerializer(CaseSerializer):
    """The same with its reports and what was done."""

    reports = serializers.SerializerMethodField()
    acts = serializers.SerializerMethodField()

    def get_reports(self, case: Case) -> CaseReportSerializer(many=True):
        """Return what was reported, oldest first."""
        return CaseReportSerializer(selectors.reports_of(case), many=True).data

    def get_acts(self, case: Case) -> ActSerializer(many=True):
        """Return what was done, newest first."""
        return ActSerializer(selectors.acts_of(case), many=True).data


class NewActSerializer(serializers.Serializer):
    """Decide a case; `days` is how long a suspension lasts, null until it is lifted."""

    kind = serializers.ChoiceField([(kind.value, kind.label) for kind in DECISIONS])
    reason = serializers.CharField(max_length=MAX_WORDS)
    acts_seen = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="How many acts you saw on the case; to decide one again that is decided.",
    )
    days = serializers.IntegerField(min_value=1, max_value=366, required=False, allow_null=True, default=None)


class TakeBackSerializer(serializers.Serializer):
    """Undo an act."""

    reason = serializers.CharField(max_length=MAX_WORDS)


class AppealSerializer(serializers.Serializer):
    """Appeal against an act; the answer says how it ended, `is_granted` null while it waits."""

    words = serializers.CharField(max_length=MAX_WORDS)
    created_at = serializers.DateTimeField(read_only=True)
    is_granted = serializers.BooleanField(read_only=True, allow_null=True)
    reason = serializers.CharField(read_only=True)


class WholeAppealSerializer(AppealSerializer):
    """An appeal with what it is against."""

    id = serializers.UUIDField()
    act = ActSerializer()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.SerializerMethodField()

    def get_decided_by(self, appeal: Appeal) -> str:
        """Return who decided it, or nothing while it waits."""
        return appeal.decided_by.shown_name if appeal.decided_by else ""


class AppealDecisionSerializer(serializers.Serializer):
    """End an appeal: granting it takes the act back."""

    is_granted = serializers.BooleanField()
    reason = serializers.CharField(max_length=MAX_WORDS)


class ReportElsewhereSerializer(serializers.Serializer):
    """A report of something of another network; each outcome is an act's kind, empty while nobody has decided."""

    id = serializers.UUIDField()
    publication = serializers.UUIDField(source="publication_id")
    reply = serializers.UUIDField(source="reply_id", allow_null=True)
    title = serializers.CharField()
    reason = serializers.ChoiceField(Reason.choices)
    words = serializers.CharField()
    created_at = serializers.DateTimeField()
    origin_outcome = serializers.CharField(help_text="How the network that shared or received it ended it.")
    author_outcome = serializers.CharField(help_text="How the network of a reply’s author ended it.")
