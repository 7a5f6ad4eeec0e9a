"""Polls, and votes in them, as the API shows and takes them."""

from rest_framework import serializers

from tenant_apps.discussions.services import MAX_OPTION_LENGTH, MAX_OPTIONS, MAX_TITLE_LENGTH


class PollChoiceSerializer(serializers.Serializer):
    """One option of a poll; nobody is named where it is secret."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    votes = serializers.IntegerField()
    is_mine = serializers.BooleanField()
    voters = serializers.ListField(child=serializers.CharField())


class PollSerializer(serializers.Serializer):
    """A poll with its votes so far."""

    question = serializers.CharField(source="poll.question")
    is_multiple = serializers.BooleanField(source="poll.is_multiple")
    is_secret = serializers.BooleanField(source="poll.is_secret")
    closes_at = serializers.DateTimeField(source="poll.closes_at", allow_null=True)
    is_open = serializers.BooleanField()
    people = serializers.IntegerField()
    options = PollChoiceSerializer(source="choices", many=True)


class NewPollSerializer(serializers.Serializer):
    """Ask members to choose."""

    question = serializers.CharField(max_length=MAX_TITLE_LENGTH)
    options = serializers.ListField(
        child=serializers.CharField(max_length=MAX_OPTION_LENGTH), min_length=2, max_length=MAX_OPTIONS
    )
    is_multiple = serializers.BooleanField(default=False)
    is_secret = serializers.BooleanField(default=False)
    closes_at = serializers.DateTimeField(allow_null=True, default=None)


class PollChangeSerializer(serializers.Serializer):
    """Change a poll; what is left out stays. Once somebody voted only `closes_at` can change; null is never."""

    question = serializers.CharField(max_length=MAX_TITLE_LENGTH, required=False)
    options = serializers.ListField(
        child=serializers.CharField(max_length=MAX_OPTION_LENGTH), min_length=2, max_length=MAX_OPTIONS, required=False
    )
    is_multiple = serializers.BooleanField(required=False)
    is_secret = serializers.BooleanField(required=False)
    closes_at = serializers.DateTimeField(allow_null=True, required=False)


class VoteSerializer(serializers.Serializer):
    """The ids of the options that are chosen."""

    options = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MAX_OPTIONS)
