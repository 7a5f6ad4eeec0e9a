"""The set-up list as the API shows and takes it."""

from typing import Any

from rest_framework import serializers

from tenant_apps.setup.selectors import Task
from tenants.selectors import network_url


class TaskSerializer(serializers.Serializer):
    """One thing to do, worked out from how the network stands."""

    key = serializers.CharField()
    title = serializers.CharField()
    done = serializers.BooleanField()
    state = serializers.CharField(help_text="How it stands while it is not done, in words; often empty.")
    url = serializers.SerializerMethodField()

    def get_url(self, task: Task) -> str:
        """Return where it is done."""
        return network_url(self.context["request"].network, task.url)


class ExamplesSerializer(serializers.Serializer):
    """The examples that are here, and those of them in which members said something of their own."""

    titles = serializers.ListField(child=serializers.CharField())
    used = serializers.ListField(child=serializers.CharField())


class SetupSerializer(serializers.Serializer):
    """What is left to do, whether owners have put the list away, and the examples."""

    tasks = TaskSerializer(many=True)
    is_hidden = serializers.BooleanField()
    examples = ExamplesSerializer()


class SetupChangeSerializer(serializers.Serializer):
    """Put the list away, or bring it back."""

    is_hidden = serializers.BooleanField()


class RemovalSerializer(serializers.Serializer):
    """Which examples go; in the address."""

    with_members = serializers.BooleanField(
        default=False, help_text="Also those in which members said something, with what they said."
    )

    def to_internal_value(self, data: Any) -> Any:
        """Take a query string as it is."""
        return super().to_internal_value({key: data[key] for key in data})
