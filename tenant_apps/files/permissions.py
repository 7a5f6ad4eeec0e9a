"""Who may see, add and remove files; who answers for the thing they hang on decides."""

from uuid import UUID

from tenant_apps.files.adapters import owner_of
from tenant_apps.files.models import StoredFile
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_active


def can_see(member: Member, file: StoredFile) -> bool:
    """Return whether a member sees what the file hangs on."""
    owner = owner_of(file.kind)
    return owner is not None and is_active(member) and owner.can_see(member, file.object_id)


def can_attach(member: Member, kind: str, object_id: UUID) -> bool:
    """Return whether a member may add files to a thing."""
    owner = owner_of(kind)
    return owner is not None and is_active(member) and owner.can_attach(member, object_id)


def can_remove(member: Member, file: StoredFile) -> bool:
    """Return whether a member may remove a file: who attached it, or who looks after the thing."""
    owner = owner_of(file.kind)
    if owner is None or not is_active(member) or not owner.can_see(member, file.object_id):
        return False
    return file.member_id == member.id or owner.can_remove(member, file.object_id)


def page_of(file: StoredFile) -> str:
    """Return the path of the page that shows what the file hangs on, or that of the front page."""
    owner = owner_of(file.kind)
    return (owner.path(file.object_id) if owner else "") or "/"
