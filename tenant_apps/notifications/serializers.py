"""Notifications and preferences as the API shows and takes them."""

from rest_framework import serializers

from shared_apps.mail.enums import Frequency, InboundReason, InboundState
from tenant_apps.notifications.adapters import topics
from tenant_apps.notifications.enums import Channel, Kind, Level
from tenants.selectors import network_url


class NotificationSerializer(serializers.Serializer):
    """Something the member was told of."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Kind.choices)
    title = serializers.CharField(source="news.title")
    line = serializers.CharField(source="news.by_name")
    text = serializers.CharField(source="news.text")
    channel = serializers.ChoiceField(Channel.choices)
    seen = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    url = serializers.SerializerMethodField()

    def get_seen(self, notification) -> bool:  # noqa: ANN001 - a Notification
        """Return whether the member has seen it."""
        return notification.seen_at is not None

    def get_url(self, notification) -> str:  # noqa: ANN001 - a Notification
        """Return the address of its page."""
        return network_url(self.context["request"].network, notification.news.path)


class SeenSerializer(serializers.Serializer):
    """Mark as seen; what was seen stays seen."""

    seen = serializers.BooleanField()


class TopicSerializer(serializers.Serializer):
    """How much the member wants to hear of one category; null as of everything else."""

    id = serializers.UUIDField()
    name = serializers.CharField(read_only=True)
    level = serializers.ChoiceField(Level.choices, allow_null=True)


class PreferencesSerializer(serializers.Serializer):
    """How the member wants to be told. Digest and quiet hours hold for all their networks; what is left out stays."""

    level = serializers.ChoiceField(Level.choices, required=False)
    topics = TopicSerializer(many=True, required=False, help_text="Of those left out nothing changes.")
    channels = serializers.DictField(child=serializers.ChoiceField(Channel.choices), required=False)
    digest = serializers.ChoiceField(Frequency.choices, required=False)
    digest_hour = serializers.IntegerField(min_value=0, max_value=23, required=False)
    digest_weekday = serializers.IntegerField(min_value=0, max_value=6, required=False)
    quiet_from = serializers.IntegerField(min_value=0, max_value=23, required=False, allow_null=True)
    quiet_until = serializers.IntegerField(min_value=0, max_value=23, required=False, allow_null=True)
    address_paused = serializers.CharField(
        read_only=True, help_text="Why no email goes to the member’s address; empty while it does."
    )

    def validate_topics(self, chosen: list[dict]) -> list[dict]:
        """Refuse what cannot be followed as a whole."""
        known = {topic.id for topic in topics()}
        if any(each["id"] not in known for each in chosen):
            raise serializers.ValidationError("There is no such category here.")
        return chosen

    def validate_channels(self, channels: dict[str, str]) -> dict[str, str]:
        """Refuse kinds of news there are not."""
        if unknown := sorted(set(channels) - set(Kind.values)):
            raise serializers.ValidationError(f"There is no {unknown[0][:40]}.")
        return channels

    def validate(self, attrs: dict) -> dict:
        """Quiet hours begin and end, or there are none."""
        given = [name for name in ("quiet_from", "quiet_until") if name in attrs]
        if len(given) == 1 or (given and (attrs["quiet_from"] is None) != (attrs["quiet_until"] is None)):
            raise serializers.ValidationError({"quiet_until": "Say when quiet hours begin and when they end."})
        return attrs


class CountSerializer(serializers.Serializer):
    """How much the member has not seen in this network."""

    unseen = serializers.IntegerField()


class HeldMailSerializer(serializers.Serializer):
    """An email that could not simply be posted."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(InboundState.choices)
    reason = serializers.ChoiceField(InboundReason.choices)
    from_address = serializers.CharField()
    to_address = serializers.CharField()
    subject = serializers.CharField()
    received_at = serializers.DateTimeField()


class WholeMailSerializer(HeldMailSerializer):
    """The same with what it says, and what can be done with it."""

    from_name = serializers.CharField(source="original.from_name")
    text = serializers.CharField(source="original.text")
    files = serializers.ListField(child=serializers.CharField(), source="original.files", help_text="Their names.")
    can_be_given = serializers.BooleanField(source="choices.can_be_given")
    can_be_read = serializers.BooleanField(source="choices.can_be_read")
    can_be_discarded = serializers.BooleanField(source="choices.can_be_discarded")
    can_come_back = serializers.BooleanField(source="choices.can_come_back")
    likely_member = serializers.UUIDField(
        source="choices.likely_member_id", allow_null=True, help_text="Who the email it answers was sent to."
    )


class WhoseSerializer(serializers.Serializer):
    """Whose address it is."""

    member = serializers.UUIDField()
