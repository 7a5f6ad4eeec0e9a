"""What was found, as the API shows it."""

from html import unescape

from django.urls import reverse
from django.utils.html import strip_tags
from rest_framework import serializers

from tenant_apps.search.enums import EntryKind
from tenant_apps.search.selectors import Result

PAGES = {
    EntryKind.MEMBER: "members:member_detail",
    EntryKind.SUPPLIER: "suppliers:supplier_detail",
    EntryKind.QUESTION: "discussions:discussion_detail",
    EntryKind.DISCUSSION: "discussions:discussion_detail",
}


class SearchResultSerializer(serializers.Serializer):
    """A discussion, member or supplier; `is_answered` is null for what is not a question."""

    id = serializers.UUIDField(source="hit.id")
    kind = serializers.ChoiceField(EntryKind.choices)
    title = serializers.CharField(source="hit.entry.title")
    snippet = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    score = serializers.FloatField(source="hit.score")
    is_answered = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(source="hit.entry.published_at")

    def get_snippet(self, result: Result) -> str:
        """Return the passage that matched, as plain text."""
        return unescape(strip_tags(result.hit.answer_html or result.hit.passage_html))

    def get_url(self, result: Result) -> str:
        """Return the address of its page."""
        return self.context["request"].build_absolute_uri(reverse(PAGES[result.kind], args=[result.hit.id]))

    def get_is_answered(self, result: Result) -> serializers.BooleanField(allow_null=True):
        """Return whether a question has an answer."""
        return result.hit.entry.is_answered if result.kind == EntryKind.QUESTION else None
