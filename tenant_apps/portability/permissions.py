"""Who may take everything along: an owner."""

from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_owner
from tenant_apps.portability.enums import ExportState
from tenant_apps.portability.models import Export


def can_export(member: Member | None) -> bool:
    """Whether this member may ask for the network's archive, and have it."""
    return is_owner(member)


def can_download(member: Member | None, export: Export) -> bool:
    """Whether this member may have this archive now."""
    return can_export(member) and export.state == ExportState.READY
