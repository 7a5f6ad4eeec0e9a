"""Choosing how much to hear of a thing, on a page or by the link in an email."""

from uuid import UUID

from django.db import transaction

from shared_apps.mail import services as mail
from shared_apps.mail.enums import Frequency
from tenant_apps.members.models import Member
from tenant_apps.notifications import selectors
from tenant_apps.notifications.enums import CATEGORY, Channel, Kind, Level
from tenant_apps.notifications.models import Follow, Preference
from tenant_apps.notifications.selectors import Wish
from tenants.context import this_network
from tenants.selectors import first_host_of, url_of

DIGEST_WISH, KIND_WISH = "digest", "kind."  # what else an unsubscribe link can be about; the id is the network's


def set_level(member: Member, *, kind: str, object_id: UUID, level: Level) -> None:
    """Write how much a member wants to hear of a thing."""
    Follow.objects.bulk_create(
        [Follow(member=member, kind=kind, object_id=object_id, level=level)],
        update_conflicts=True,
        unique_fields=["kind", "object_id", "member"],
        update_fields=["level"],
    )


def follow(member: Member, *, kind: str, object_id: UUID) -> None:
    """Let a member hear of everything in a thing; doing it twice is the same."""
    set_level(member, kind=kind, object_id=object_id, level=Level.EVERYTHING)


def follow_along(member: Member, *, kind: str, object_id: UUID) -> None:
    """Let a member who takes part hear of everything, unless they chose otherwise for this very thing."""
    Follow.objects.bulk_create([Follow(member=member, kind=kind, object_id=object_id)], ignore_conflicts=True)


def unfollow(member: Member, *, kind: str, object_id: UUID) -> None:
    """Let a member hear no more of a thing; doing it twice is the same."""
    set_level(member, kind=kind, object_id=object_id, level=Level.MUTE)


def forget_level(member: Member, *, kind: str, object_id: UUID) -> None:
    """Let what a member chose for a wider thing hold for this one too."""
    Follow.objects.filter(member_id=member.id, kind=kind, object_id=object_id).delete()


def set_channel(member: Member, kind: Kind, channel: Channel) -> None:
    """Write how a member wants to be told of one kind of news."""
    Preference.objects.bulk_create(
        [Preference(member=member, kind=kind, channel=channel)],
        update_conflicts=True,
        unique_fields=["member", "kind"],
        update_fields=["channel"],
    )


@transaction.atomic
def stop(wish: Wish) -> None:
    """Do what the link in an email promises: no more emails of this kind."""
    if wish.kind == DIGEST_WISH:
        mail.save_recipient(wish.member.account_id, digest=Frequency.NEVER)
    elif wish.kind.startswith(KIND_WISH):
        set_channel(wish.member, Kind(wish.kind.removeprefix(KIND_WISH)), Channel.INBOX)
    else:
        level = Level.MENTIONS if wish.kind == CATEGORY else Level.MUTE
        set_level(wish.member, kind=wish.kind, object_id=wish.object_id, level=level)


@transaction.atomic
def begin_again(wish: Wish) -> None:
    """Take back what the link in an email did."""
    if wish.kind == DIGEST_WISH:
        mail.save_recipient(wish.member.account_id, digest=Frequency.DAILY)
    elif wish.kind.startswith(KIND_WISH):
        set_channel(wish.member, Kind(wish.kind.removeprefix(KIND_WISH)), Channel.EMAIL)
    else:
        follow(wish.member, kind=wish.kind, object_id=wish.object_id)


def unsubscribe_url(member: Member, *, kind: str, object_id: UUID) -> str:
    """Return the address that stops one member's email about one thing, without signing in.

    It is on the network's first host, as email is, and so works when a domain of the network's own is lost.
    """
    host = first_host_of(this_network())
    token = selectors.unsubscribe_signer(this_network(), host).dumps([str(member.id), kind, str(object_id)])
    return url_of(host, f"/notifications/unsubscribe/{token}/")
