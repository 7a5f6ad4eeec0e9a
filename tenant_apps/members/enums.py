"""Roles and states of a member."""

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
