"""The directory: add a supplier, correct it, take it out of the list and bring it back."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from shared_apps.audit.services import record
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_moderator
from tenant_apps.sharing import services as sharing
from tenant_apps.sharing.selectors import shared_items_by_source
from tenant_apps.suppliers.enums import SHARE_KIND
from tenant_apps.suppliers.matching import WebsiteError, tidy_website, website_host
from tenant_apps.suppliers.models import Supplier, SupplierCategory
from tenant_apps.suppliers.permissions import can_add_supplier, can_archive_supplier
from tenant_apps.suppliers.selectors import same_supplier
from tenant_apps.suppliers.services.errors import (
    AlreadyListedError,
    NotAllowedError,
    SupplierError,
    tidy_line,
    tidy_text,
)
from tenant_apps.suppliers.signals import supplier_saved
from tenants.beginnings import USUAL

MAX_NAME_LENGTH = 120
MAX_DESCRIPTION_LENGTH = 2000


@transaction.atomic
def add_supplier(
    *, name: str, website: str = "", description: str = "", categories: list[SupplierCategory], by: Member
) -> Supplier:
    """Put a supplier into this network's directory; raises AlreadyListedError with the one that stands there."""
    if not can_add_supplier(by):
        raise NotAllowedError("Only members can add a supplier.")
    values = _tidy(name=name, website=website, description=description)
    supplier = _saved(Supplier(**values, created_by=by))
    supplier.categories.set(_some(categories))
    record("suppliers.supplier.added", by=by.actor, target=supplier)
    supplier_saved.send(Supplier, supplier=supplier)
    return supplier


@transaction.atomic
def edit_supplier(
    supplier: Supplier,
    *,
    name: str,
    website: str,
    description: str,
    categories: list[SupplierCategory],
    by: Member,
) -> Supplier:
    """Correct a supplier; what is shared of it follows in the same transaction."""
    if not can_add_supplier(by):
        raise NotAllowedError("Only members can change a supplier.")
    locked = Supplier.objects.select_for_update(of=["self"]).select_related("created_by").get(id=supplier.id)
    if locked.is_example:
        raise NotAllowedError("This is an example. Add the supplier that you mean as one of its own.")
    values = _tidy(name=name, website=website, description=description)
    if locked.hidden_at is not None:  # what was hidden is kept until somebody writes it afresh
        values |= {"hidden_at": None} if values["description"] else {"description": locked.description}
    changed = [field for field, value in values.items() if getattr(locked, field) != value]
    for field in changed:
        setattr(locked, field, values[field])
    if changed:
        _saved(locked, update_fields=changed)
    if set(_some(categories)) != set(locked.categories.all()):
        locked.categories.set(categories)
        changed.append("categories")
    if changed:
        record("suppliers.supplier.edited", by=by.actor, target=locked, fields=changed)
        supplier_saved.send(Supplier, supplier=locked)
        _bring_publications_up_to_date(locked, by=by)
    return locked


@transaction.atomic
def archive_supplier(supplier: Supplier, *, is_archived: bool, by: Member) -> Supplier:
    """Take a supplier out of the list, or back; what was said of it stays, and stays shared."""
    if not can_archive_supplier(by):
        raise NotAllowedError("Only organisers can archive a supplier.")
    locked = Supplier.objects.select_for_update().get(id=supplier.id)
    if locked.is_archived != is_archived:
        locked.is_archived = is_archived
        locked.save(update_fields=["is_archived"])
        record("suppliers.supplier.archived", by=by.actor, target=locked, is_archived=is_archived)
        supplier_saved.send(Supplier, supplier=locked)
    return locked


@transaction.atomic
def hide_description(supplier: Supplier, *, is_hidden: bool, by: Member) -> None:
    """Take what a supplier's entry says of it out of sight, or let it be seen again."""
    if not is_moderator(by):
        raise NotAllowedError("Only moderators can hide what others wrote.")
    Supplier.objects.filter(id=supplier.id).update(hidden_at=timezone.now() if is_hidden else None)
    record("suppliers.supplier.hidden", by=by.actor, target=supplier, is_hidden=is_hidden)
    supplier_saved.send(Supplier, supplier=supplier)


@transaction.atomic
def seed_categories(names: Sequence[str] = USUAL.services) -> None:
    """Add a template's services where a network has no category; a step of onboarding."""
    if not SupplierCategory.objects.exists():
        SupplierCategory.objects.bulk_create(
            SupplierCategory(name=name, position=position) for position, name in enumerate(names)
        )


def _tidy(*, name: str, website: str, description: str) -> dict[str, Any]:
    name = tidy_line(name, field="name", longest=MAX_NAME_LENGTH, missing="Write the supplier’s name.")
    description = tidy_text(description, field="description", longest=MAX_DESCRIPTION_LENGTH)
    try:
        website = tidy_website(website.replace("\x00", ""))
    except WebsiteError as error:
        raise SupplierError(str(error), field="website") from error
    return {"name": name, "website": website, "website_host": website_host(website), "description": description}


def _some(categories: list[SupplierCategory]) -> list[SupplierCategory]:
    if not categories:
        raise SupplierError("Choose at least one category.", field="categories")
    return categories


def _saved(supplier: Supplier, *, update_fields: list[str] | None = None) -> Supplier:
    """Save, or say which supplier has the name or the website; the constraints decide, also between two at once."""
    try:
        with transaction.atomic():
            supplier.save(update_fields=update_fields)
    except IntegrityError:
        existing = same_supplier(supplier.name, supplier.website_host, except_id=supplier.id)
        if existing is None:
            raise
        raise AlreadyListedError(existing) from None
    return supplier


def _bring_publications_up_to_date(supplier: Supplier, *, by: Member) -> None:
    """A publication names the supplier, its website and a category, so all that are out change with it.

    All are held first: one that is being shared at this moment has read the supplier as it was.
    """
    said = list(supplier.recommendations.order_by("id").values_list("id", flat=True))
    for source_id in said:
        sharing.hold(source_id)
    for source_id in sorted(shared_items_by_source(SHARE_KIND, said)):
        sharing.follow_edit(SHARE_KIND, source_id, by=by)
