"""How networks and drills stand, in the words of the console; several states of onboarding are one to a person."""

from django.db.models import TextChoices

from tenants.enums import ONBOARDING_STATES, NetworkState


class Standing(TextChoices):
    """What the console can be asked to show."""

    LIVE = "live", "Live"
    SETTING_UP = "setting-up", "Being set up"
    FAILED = "failed", "Failed"
    SUSPENDED = "suspended", "Suspended"
    CLOSED = "closed", "Closed"
    DELETED = "deleted", "Deleted"

    @property
    def states(self) -> list[NetworkState]:
        """The states of a network that stands so."""
        return [state for state in NetworkState if standing_of(state) == self]


class DrillState(TextChoices):
    """How a restore drill stands."""

    UNDER_WAY = "under_way", "Under way"
    PASSED = "passed", "Passed"
    FAILED = "failed", "Failed"


def standing_of(state: str) -> Standing:
    """Return how a network in this state stands."""
    if state == NetworkState.RESTORING or (state != NetworkState.LIVE and state in ONBOARDING_STATES):
        return Standing.SETTING_UP
    return Standing(state)
