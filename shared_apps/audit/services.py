"""Writing what happened, in the caller's transaction and in the schema where it happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db.models import Model

from shared_apps.audit.enums import Via
from shared_apps.audit.models import Event, PlatformEvent
from tenants.context import current_kind
from tenants.enums import Kind

ADDRESS_KEPT = timedelta(days=90)  # long enough to follow up an attack, and no longer
_LONGEST_DETAIL = 100


class PersonalDetailError(Exception):
    """A detail is not an id, a number, a state or the like; keep the value out of the audit."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it, and how it reached us. `label` names what is not a person; people are named by their account."""

    account_id: UUID | None
    label: str
    via: str
    address: str | None = None

    @classmethod
    def system(cls, via: str = Via.SYSTEM, *, label: str = "system") -> Self:
        """Return the actor for what no person did."""
        return cls(account_id=None, label=label, via=via)


def record(
    name: str,
    *,
    by: Actor,
    target: Model | None = None,
    target_kind: str = "",
    target_id: UUID | None = None,
    fields: Iterable[str] = (),
    **details: Any,
) -> None:
    """Add an event named like `discussions.discussion.locked`; `fields` are the names of changed fields.

    `details` are ids, numbers and states. Raises PersonalDetailError for anything that looks like content.
    """
    _current_model().objects.create(
        name=name,
        actor_id=by.account_id,
        actor_label="" if by.account_id else by.label,
        via=by.via,
        address=by.address,
        target_kind=target._meta.label_lower if target is not None else target_kind,
        target_id=target.pk if target is not None else target_id,
        fields=sorted(fields),
        details={key: _plain(key, value) for key, value in details.items()},
    )


def forget_addresses(*, before: datetime) -> int:
    """Clear from where older things were done in the current schema, and return how often. Needs the owner."""
    return _current_model().objects.filter(at__lt=before, address__isnull=False).forget_address()


def _current_model() -> type[Event | PlatformEvent]:
    return PlatformEvent if current_kind() == Kind.PUBLIC else Event


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(key, item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and "@" not in value and len(value) <= _LONGEST_DETAIL:
        return str(value)
    raise PersonalDetailError(f"The audit detail “{key}” is not an id, a number or a state.")
