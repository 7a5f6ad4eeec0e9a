"""Who may do what with suppliers, recommendations and service notes. Who may read a note is in the selectors: no
query reaches one otherwise.
"""

from tenant_apps.members.models import Member
from tenant_apps.members.permissions import can_write, is_organiser
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier


def can_add_supplier(member: Member | None) -> bool:
    """Return whether a member may add a supplier, and correct what stands there."""
    return can_write(member)


def can_archive_supplier(member: Member | None) -> bool:
    """Return whether a member may take a supplier out of the list, and bring it back."""
    return is_organiser(member)


def can_recommend(member: Member | None, supplier: Supplier) -> bool:
    """Return whether a member may say what they think of a supplier: not of one that is archived."""
    return can_write(member) and not supplier.is_archived


def can_edit_recommendation(member: Member | None, recommendation: Recommendation) -> bool:
    """Return whether a member may change it: only who wrote it, because it speaks for their school."""
    return can_write(member) and member.id == recommendation.author_id


def can_remove_recommendation(member: Member | None, recommendation: Recommendation) -> bool:
    """Return whether a member may remove it: who wrote it, or an organiser."""
    return can_edit_recommendation(member, recommendation) or is_organiser(member)


def can_edit_note(member: Member | None, note: ServiceNote) -> bool:
    """Return whether a member may change or remove a note: only who wrote it."""
    return can_write(member) and member.id == note.author_id
