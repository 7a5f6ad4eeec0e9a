"""Everything a member wants, saved together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from shared_apps.mail import services as mail
from tenant_apps.members.models import Member
from tenant_apps.notifications.enums import DEFAULT_LEVEL, NETWORK, Channel, Kind, Level
from tenant_apps.notifications.selectors import channels_of, levels_of
from tenant_apps.notifications.services.following import forget_level, set_channel, set_level
from tenants.context import this_network


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a member wants to be told in this network; `times` are the fields of mail's Recipient, for all networks."""

    level: Level = DEFAULT_LEVEL
    levels: Mapping[tuple[str, UUID], Level | None] = field(default_factory=dict)
    channels: Mapping[Kind, Channel] = field(default_factory=dict)
    times: Mapping[str, Any] = field(default_factory=dict)


def wishes_of(member: Member) -> Wishes:
    """Return what a member chose, without the times."""
    levels = levels_of(member)
    network = levels.pop((NETWORK, this_network().id), DEFAULT_LEVEL)
    return Wishes(level=network, levels=levels, channels=channels_of(member))


@transaction.atomic
def save_wishes(member: Member, wishes: Wishes) -> None:
    """Write what a member chose; a level of None is that of the whole network. What is left out stays."""
    here = {(NETWORK, this_network().id): wishes.level}
    for (kind, object_id), level in {**wishes.levels, **here}.items():
        if level is None:
            forget_level(member, kind=kind, object_id=object_id)
        else:
            set_level(member, kind=kind, object_id=object_id, level=level)
    for kind_of_news, channel in wishes.channels.items():
        set_channel(member, kind_of_news, channel)
    if wishes.times:
        mail.save_recipient(member.account_id, **wishes.times)


def use_address_again(member: Member) -> None:
    """Send to a member's address again, because they say that it works."""
    mail.resume_address(member.email, by=member.actor)
