"""Changing the network's colour and its words of welcome."""

from django.db import transaction

from shared_apps.audit import services as audit
from tenant_apps.members import colours, permissions
from tenant_apps.members.models import Branding, Member
from tenant_apps.members.services.people import NotAllowedError
from tenants.context import this_network
from tenants.middleware import forget_hosts
from tenants.services import update_appearance


@transaction.atomic
def update_branding(*, colour: str, tagline: str, welcome: str, by: Member) -> Branding:
    """Save the network's colour and words; raises NotAllowedError, or colours.ColourError for what is no colour."""
    if not permissions.can_edit_branding(by):
        raise NotAllowedError(permissions.refusal())
    branding = Branding.objects.select_for_update().first() or Branding()
    changed = _change(branding, colour=_readable(colour), tagline=tagline.strip(), welcome=welcome.strip())
    branding.save()
    _show(branding.colour)
    audit.record("members.branding.changed", by=by.actor, target=branding, fields=changed)
    return branding


def _change(branding: Branding, **values: str) -> list[str]:
    changed = [name for name, value in values.items() if getattr(branding, name) != value]
    for name, value in values.items():
        setattr(branding, name, value)
    return changed


def _readable(colour: str) -> str:
    colour = colours.normalise(colour)
    contrast = colours.contrast_of(colour)
    if min(contrast.light, contrast.dark) < colours.LEAST_CONTRAST:
        raise colours.ColourError("Text could not be read on this colour. Choose another.")
    return colour


def _show(colour: str) -> None:
    """Copy the colour to where it is read from on every page and in the Collective."""
    update_appearance(this_network(), colour=colour)
    transaction.on_commit(forget_hosts)
