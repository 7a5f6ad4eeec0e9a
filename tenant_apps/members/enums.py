"""Roles and states of a member, and whose accounts are nobody's."""

from uuid import UUID

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person may do in a network; a network is never left without an owner."""

    OWNER = "owner", "Owner"
    ORGANISER = "organiser", "Organiser"
    MODERATOR = "moderator", "Moderator"
    MEMBER = "member", "Member"


class MemberState(TextChoices):
    """Whether a person may enter the network; who is listed only wrote to a mailing list that was brought here."""

    ACTIVE = "active", "Active"
    LEFT = "left", "Former member"
    SUSPENDED = "suspended", "Suspended"
    LISTED = "listed", "Wrote to the mailing list"


EXAMPLE_ACCOUNTS = tuple(UUID(f"e8a3417e-0000-4000-8000-00000000000{number}") for number in (1, 2, 3))
"""Of the people that examples are written by, in every network the same: they are nobody's, so that nobody signs in as
them, and what they wrote is known by them, also in an archive and in a network of an earlier release.
"""
