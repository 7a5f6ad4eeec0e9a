"""How somebody wants to be told."""

from typing import Any

from django import forms

from shared_apps.mail.enums import Frequency
from shared_apps.mail.models import Recipient
from tenant_apps.notifications.adapters import Topic
from tenant_apps.notifications.enums import DEFAULT_CHANNEL, NETWORK_LEVEL_HINTS, Channel, Kind, Level
from tenant_apps.notifications.services import Wishes

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOURS = [(hour, f"{hour % 12 or 12}{'am' if hour < 12 else 'pm'}") for hour in range(24)]
_AS_ABOVE = ("", "As for everything else")


class PreferencesForm(forms.Form):
    """Kinds and channels, levels for the network and each topic, the digest and quiet hours."""

    level = forms.ChoiceField(
        label="How much do you want to hear?",
        choices=Level,
        widget=forms.RadioSelect,
        help_text="You can choose differently for a category below, and in each discussion.",
    )
    digest = forms.ChoiceField(label="How often", choices=Frequency)
    digest_hour = forms.TypedChoiceField(label="At", choices=_HOURS, coerce=int)
    digest_weekday = forms.TypedChoiceField(label="If once a week, on", choices=list(enumerate(_DAYS)), coerce=int)
    quiet_from = forms.TypedChoiceField(
        label="From", choices=[("", "No quiet hours"), *_HOURS], coerce=int, empty_value=None, required=False
    )
    quiet_until = forms.TypedChoiceField(
        label="Until", choices=[("", "No quiet hours"), *_HOURS], coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, topics: list[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = {f"topic_{topic.id.hex}": topic for topic in topics}
        for kind in Kind:
            self.fields[f"kind_{kind}"] = forms.ChoiceField(label=kind.label, choices=Channel)
        for name, topic in self.topics.items():
            self.fields[name] = forms.ChoiceField(label=topic.name, choices=[_AS_ABOVE, *Level.choices], required=False)

    @property
    def level_hints(self) -> dict[str, str]:
        """What each level means, for the cards."""
        return {str(level): hint for level, hint in NETWORK_LEVEL_HINTS.items()}

    def kinds(self) -> list[forms.BoundField]:
        """Return a field for each kind of news."""
        return [self[f"kind_{kind}"] for kind in Kind]

    def topic_fields(self) -> list[forms.BoundField]:
        """Return a field for each topic."""
        return [self[name] for name in self.topics]

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end."""
        cleaned = super().clean() or {}
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            self.add_error("quiet_until", "Choose when quiet hours begin and when they end")
        return cleaned

    def wishes(self) -> Wishes:
        """Return what the service takes."""
        cleaned = self.cleaned_data
        times = ("digest", "digest_hour", "digest_weekday", "quiet_from", "quiet_until")
        levels = {(topic.kind, topic.id): _level(cleaned[name]) for name, topic in self.topics.items()}
        return Wishes(
            level=Level(cleaned["level"]),
            levels=levels,
            channels={kind: Channel(cleaned[f"kind_{kind}"]) for kind in Kind},
            times={name: cleaned[name] for name in times},
        )


def initial_of(wishes: Wishes, reader: Recipient, topics: list[Topic]) -> dict[str, Any]:
    """Return what the form begins with."""
    times = ("digest", "digest_hour", "digest_weekday", "quiet_from", "quiet_until")
    return {
        "level": wishes.level,
        **{name: getattr(reader, name) for name in times},
        **{f"kind_{kind}": wishes.channels.get(kind, DEFAULT_CHANNEL) for kind in Kind},
        **{f"topic_{topic.id.hex}": wishes.levels.get((topic.kind, topic.id)) or "" for topic in topics},
    }


def _level(chosen: str) -> Level | None:
    return Level(chosen) if chosen else None
