"""What owners decide while they set a network up: examples come and go, and the list is put away or brought back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from shared_apps.audit.services import Actor, record
from tenant_apps.discussions import selectors as discussed
from tenant_apps.discussions import services as discussions
from tenant_apps.members import services as members
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import refusal
from tenant_apps.members.selectors import first_joined_at
from tenant_apps.setup import selectors
from tenant_apps.setup.examples import DISCUSSIONS, SUPPLIERS
from tenant_apps.setup.models import Checklist
from tenant_apps.setup.permissions import can_set_up
from tenant_apps.suppliers import selectors as supplied
from tenant_apps.suppliers import services as suppliers
from tenants.context import this_network
from tenants.models import Network


class SetupError(Exception):
    """The act is not possible as the network stands; the message says why."""


@transaction.atomic
def seed_examples(network: Network) -> None:
    """Give a new network its examples, if it is to begin with some and has none; a step of onboarding."""
    if network.begins_with_examples and not selectors.has_examples():
        _add(network, by=Actor.system(label="onboarding"))


@transaction.atomic
def add_examples(*, by: Member) -> None:
    """Put the examples back where there are none; raises SetupError where there are, PermissionDenied."""
    _hold(by)
    if selectors.has_examples():
        raise SetupError("There are examples in this network already.")
    _add(this_network(), by=by.actor)


@transaction.atomic
def remove_examples(*, with_members: bool, by: Member) -> int:
    """Remove the examples and return how many stay: those in which members said something, unless `with_members`.

    Raises SetupError where there are none, and PermissionDenied.
    """
    held = _hold(by)
    if not selectors.has_examples():
        raise SetupError("There are no examples in this network.")
    kept = discussions.remove_examples(with_replies=with_members)
    kept += suppliers.remove_examples(with_members=with_members)
    members.forget_example_people(but=discussed.example_writers() | supplied.example_writers())
    record("setup.examples.removed", by=by.actor, target=held, kept=kept, with_members=with_members)
    return kept


@transaction.atomic
def hide_checklist(*, is_hidden: bool, by: Member) -> None:
    """Put the list of what is left to do away, or bring it back; raises PermissionDenied."""
    held = _hold(by)
    if (held.hidden_at is not None) != is_hidden:
        held.hidden_at = timezone.now() if is_hidden else None
        held.save(update_fields=["hidden_at"])
        record("setup.checklist.hidden", by=by.actor, target=held, is_hidden=is_hidden)


def _hold(by: Member) -> Checklist:
    """Check who it is, and keep every other owner waiting until the transaction ends."""
    if not can_set_up(by):
        raise PermissionDenied(refusal(owners=True))
    Checklist.objects.get_or_create(is_only=True)
    return Checklist.objects.select_for_update().get()


def _add(network: Network, *, by: Actor) -> None:
    people, began = members.example_people(), first_joined_at() or network.created_at
    discussions.add_examples(DISCUSSIONS, people, until=min(began, network.created_at))
    suppliers.add_examples(SUPPLIERS, people, until=min(began, network.created_at))
    record("setup.examples.added", by=by, target_kind=Checklist._meta.label_lower)
