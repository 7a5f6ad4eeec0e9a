"""Has owners told of their domain, in the transaction that changes it."""

from typing import Any

from shared_apps.audit.services import Actor
from shared_apps.domains.enums import Change
from shared_apps.domains.models import OwnDomain
from tenant_apps.address import services


def on_domain_changed(*, domain: OwnDomain, change: Change, by: Actor, **_: Any) -> None:
    """Write the emails; who removed it themselves needs none."""
    services.tell_owners(domain, change, by=by)
