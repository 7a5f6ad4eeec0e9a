"""What keeps discussions in order, and what they said before, as the API shows and takes it."""

from rest_framework import serializers

from tenant_apps.discussions.models import Revision
from tenant_apps.discussions.selectors import editor_of
from tenant_apps.discussions.services import MAX_REASON_LENGTH, MAX_TITLE_LENGTH
from tenant_apps.notifications.enums import Level


class ReasonSerializer(serializers.Serializer):
    """Why; who wrote it reads this."""

    reason = serializers.CharField(max_length=MAX_REASON_LENGTH)


class MoveSerializer(serializers.Serializer):
    """Where it goes."""

    category = serializers.CharField(max_length=60, help_text="The name of an open category.")


class MergeSerializer(serializers.Serializer):
    """Which discussion it becomes part of."""

    into = serializers.UUIDField(help_text="The id of the other discussion.")


class SplitSerializer(serializers.Serializer):
    """Replies that become a discussion of their own; the first of them opens it."""

    title = serializers.CharField(max_length=MAX_TITLE_LENGTH)
    replies = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)


class AskedBySerializer(serializers.Serializer):
    """Who asked without their name."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="shown_name")


class FollowSerializer(serializers.Serializer):
    """How much one hears of a discussion."""

    level = serializers.ChoiceField(Level.choices)


class RevisionSerializer(serializers.Serializer):
    """What it said until somebody changed it; `title` is empty for a reply."""

    title = serializers.CharField()
    body = serializers.CharField()
    replaced_at = serializers.DateTimeField()
    editor = serializers.SerializerMethodField()

    def get_editor(self, revision: Revision) -> str:
        """Return who changed it, without the name of who asked without one."""
        return editor_of(revision, self.context["discussion"])


class OriginalSerializer(serializers.Serializer):
    """The email that a post was, as it came, with everything it quotes."""

    subject = serializers.CharField()
    from_name = serializers.CharField()
    from_address = serializers.CharField()
    received_at = serializers.DateTimeField()
    text = serializers.CharField()
    files = serializers.ListField(child=serializers.CharField(), help_text="Their names.")
