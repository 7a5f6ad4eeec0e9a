"""Private notes of one school on a supplier. They never leave: nothing here knows of sharing."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shared_apps.audit.services import record
from tenant_apps.members.models import Member, Posting
from tenant_apps.suppliers.models import ServiceNote, Supplier
from tenant_apps.suppliers.permissions import can_add_supplier, can_edit_note
from tenant_apps.suppliers.selectors import current_postings
from tenant_apps.suppliers.services.errors import NotAllowedError, SupplierError, tidy_text

MAX_NOTE_LENGTH = 2000


@transaction.atomic
def add_note(
    supplier: Supplier, *, happened_on: date, text: str, posting: Posting | None = None, by: Member
) -> ServiceNote:
    """Note what happened, for oneself and one's school: that of `posting`, or of the main job held today."""
    if not can_add_supplier(by):
        raise NotAllowedError("Only members can keep notes.")
    school = _posting(by, posting)
    note = ServiceNote.objects.create(
        supplier=supplier,
        author=by,
        school_id=school.school_id if school else None,
        school_name=school.school_name if school and school.school_id else "",
        **_tidy(happened_on, text),
    )
    record("suppliers.note.added", by=by.actor, target=note)
    return note


@transaction.atomic
def edit_note(note: ServiceNote, *, happened_on: date, text: str, by: Member) -> ServiceNote:
    """Change one's own note; the school it belongs to stays."""
    locked = ServiceNote.objects.select_for_update().get(id=note.id)
    if not can_edit_note(by, locked):
        raise NotAllowedError("Only the person who wrote this note can change it.")
    values = _tidy(happened_on, text)
    changed = [name for name, value in values.items() if getattr(locked, name) != value]
    for name in changed:
        setattr(locked, name, values[name])
    if changed:
        locked.save(update_fields=changed)
        record("suppliers.note.edited", by=by.actor, target=locked, fields=changed)
    return locked


@transaction.atomic
def remove_note(note: ServiceNote, *, by: Member) -> None:
    """Remove one's own note for good."""
    if not can_edit_note(by, note):
        raise NotAllowedError("Only the person who wrote this note can remove it.")
    record("suppliers.note.removed", by=by.actor, target=note)
    ServiceNote.objects.filter(id=note.id).delete()


def _posting(member: Member, posting: Posting | None) -> Posting | None:
    """Return the job the note belongs to; only one the member holds today."""
    held = current_postings(member, on=timezone.localdate())
    if posting is None:
        return held[0] if held else None
    if posting not in held:
        raise SupplierError("Choose a school where you work now.", field="school")
    return posting


def _tidy(happened_on: date, text: str) -> dict[str, date | str]:
    if happened_on > timezone.localdate():
        raise SupplierError("The day must be today or before. A note is about what has happened.", field="happened_on")
    tidy = tidy_text(text, field="text", longest=MAX_NOTE_LENGTH, missing="Write what happened.")
    return {"happened_on": happened_on, "text": tidy}
