"""The kinds of schema and the states of a network's life."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """Which of the three kinds of schema, and so which apps and URLs, a host has."""

    PUBLIC = "public", "Platform"
    NETWORK = "network", "Network"
    COLLECTIVE = "collective", "Collective"


class NetworkState(TextChoices):
    """Where a network is in its life; the first six are in the order of onboarding.

    One that is being restored is left alone by whatever finishes onboardings: what it is to hold is in an archive.
    One that is closed is being deleted, and of one that is deleted this row alone is left, which keeps its name.
    """

    REQUESTED = "requested", "Requested"
    SCHEMA = "schema", "Schema made"
    MIGRATED = "migrated", "Tables made"
    SEEDED = "seeded", "Starting content added"
    DOMAIN = "domain", "Address assigned"
    LIVE = "live", "Live"
    FAILED = "failed", "Failed"
    RESTORING = "restoring", "Being restored"
    SUSPENDED = "suspended", "Suspended"
    CLOSED = "closed", "Closed"
    DELETED = "deleted", "Deleted"


class UpgradeState(TextChoices):
    """How a network's last upgrade ended."""

    DONE = "done", "Up to date"
    FAILED = "failed", "Upgrade failed"


ONBOARDING_STATES = (
    NetworkState.REQUESTED,
    NetworkState.SCHEMA,
    NetworkState.MIGRATED,
    NetworkState.SEEDED,
    NetworkState.DOMAIN,
    NetworkState.LIVE,
)
UNFINISHED_STATES = (*ONBOARDING_STATES[:-1], NetworkState.FAILED)
SHOWN_STATES = (NetworkState.LIVE, NetworkState.SUSPENDED, NetworkState.CLOSED, NetworkState.DELETED)
"""Those in which a network's host answers, if only that it is suspended or has closed."""
