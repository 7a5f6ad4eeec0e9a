"""The choices of accounts."""

from django.db.models import TextChoices


class Theme(TextChoices):
    """Light or dark pages, or what the person's device is set to."""

    DEVICE = "device", "Same as my device"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class Provider(TextChoices):
    """Who else may say who somebody is, on the platform's host."""

    GOOGLE = "google", "Google"
    MICROSOFT = "microsoft", "Microsoft"


class AccessState(TextChoices):
    """Whether an account may enter a network."""

    ACTIVE = "active", "Active"
    ENDED = "ended", "Ended"


class Strength(TextChoices):
    """How a person proved who they are when the session began; it travels with them to another host."""

    PASSWORD = "password", "Password"
    CODE = "code", "Emailed code"
    PROVIDER = "provider", "Google or Microsoft"
    SECOND_STEP = "second_step", "Two steps"
    PASSKEY = "passkey", "Passkey"

    @property
    def is_strong(self) -> bool:
        """Whether it took more than one thing: something known or a mailbox, and a device."""
        return self in (Strength.SECOND_STEP, Strength.PASSKEY)
