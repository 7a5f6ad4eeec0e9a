"""What a school says of a supplier for others, and the figures on the supplier that follow from it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Avg, Count, Q
from django.utils import timezone

from shared_apps.audit.services import record
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_moderator
from tenant_apps.members.selectors import current_posting
from tenant_apps.moderation import services as moderation
from tenant_apps.sharing import services as sharing
from tenant_apps.sharing.enums import ShareState
from tenant_apps.sharing.selectors import shared_item
from tenant_apps.suppliers.enums import SHARE_KIND, SizeBand, size_band
from tenant_apps.suppliers.models import Recommendation, Supplier
from tenant_apps.suppliers.permissions import can_edit_recommendation, can_recommend, can_remove_recommendation
from tenant_apps.suppliers.selectors import recommendation_by
from tenant_apps.suppliers.services.errors import (
    AlreadyRecommendedError,
    NotAllowedError,
    SupplierError,
    tidy_line,
    tidy_text,
)
from tenant_apps.suppliers.signals import supplier_saved

MAX_TEXT_LENGTH = 5000
MARKS = ("response", "quality", "value")


@transaction.atomic
def recommend(
    supplier: Supplier,
    *,
    response: int,
    quality: int,
    value: int,
    would_use_again: bool,
    text: str,
    phase: str | None = None,
    size: str | None = None,
    by: Member,
) -> Recommendation:
    """Say what one's school thinks of a supplier, marks from 1 to 5; phase and size default to the school's.

    Raises AlreadyRecommendedError with what this member said before.
    """
    locked = Supplier.objects.select_for_update().get(id=supplier.id)
    if not can_recommend(by, locked):
        raise NotAllowedError("This supplier is archived. An organiser can bring it back.")
    _check_pace(by, text)
    marks = {"response": response, "quality": quality, "value": value, "would_use_again": would_use_again}
    values = _tidy(**marks, text=text, **_school(by, phase, size))
    recommendation = _created(Recommendation(supplier=locked, author=by, **values))
    record("suppliers.recommendation.made", by=by.actor, target=recommendation)
    settle_figures(locked)
    return recommendation


@transaction.atomic
def edit_recommendation(recommendation: Recommendation, *, by: Member, **wanted: Any) -> Recommendation:
    """Change what one said (any of the fields of `recommend`); the publication follows in the same transaction."""
    supplier = Supplier.objects.select_for_update().get(id=recommendation.supplier_id)
    sharing.hold(recommendation.id)
    locked = Recommendation.objects.select_for_update().get(id=recommendation.id)
    if not can_edit_recommendation(by, locked):
        raise NotAllowedError("Only the person who wrote this can change it.")
    values = _tidy(**{name: wanted.get(name, getattr(locked, name)) for name in _FIELDS})
    changed = [name for name, value in values.items() if getattr(locked, name) != value]
    if changed:
        _rewrite(locked, values, changed, by=by)
        settle_figures(supplier)
    return locked


@transaction.atomic
def remove_recommendation(recommendation: Recommendation, *, by: Member) -> None:
    """Remove a recommendation; one that is shared is taken back everywhere first, in the same transaction."""
    supplier = Supplier.objects.select_for_update().get(id=recommendation.supplier_id)
    if not can_remove_recommendation(by, recommendation):
        raise NotAllowedError("Only the person who wrote this, or an organiser, can remove it.")
    sharing.hold(recommendation.id)
    item = shared_item(SHARE_KIND, recommendation.id)
    if item is not None and item.state in (ShareState.SHARED, ShareState.AWAITING_APPROVAL):
        sharing.withdraw_item(SHARE_KIND, recommendation.id, by=by)
    record("suppliers.recommendation.removed", by=by.actor, target=recommendation)
    Recommendation.objects.filter(id=recommendation.id).delete()
    settle_figures(supplier)


@transaction.atomic
def hide_recommendation(recommendation: Recommendation, *, by: Member) -> None:
    """Take it out of others' sight and out of the figures; one that is shared is taken back everywhere first."""
    supplier = Supplier.objects.select_for_update().get(id=recommendation.supplier_id)
    if not is_moderator(by):
        raise NotAllowedError("Only moderators can hide what others wrote.")
    sharing.hold(recommendation.id)
    item = shared_item(SHARE_KIND, recommendation.id)
    if item is not None and item.state in (ShareState.SHARED, ShareState.AWAITING_APPROVAL):
        sharing.withdraw_item(SHARE_KIND, recommendation.id, by=by)
    Recommendation.objects.filter(id=recommendation.id, hidden_at=None).update(hidden_at=timezone.now())
    record("suppliers.recommendation.hidden", by=by.actor, target=recommendation)
    settle_figures(supplier)


@transaction.atomic
def show_recommendation(recommendation: Recommendation, *, by: Member) -> None:
    """Let it be seen and counted again; it stays in this network until its author shares it again."""
    supplier = Supplier.objects.select_for_update().get(id=recommendation.supplier_id)
    if not is_moderator(by):
        raise NotAllowedError("Only moderators can show what was hidden.")
    Recommendation.objects.filter(id=recommendation.id).update(hidden_at=None)
    record("suppliers.recommendation.shown", by=by.actor, target=recommendation)
    settle_figures(supplier)


def set_publication(recommendation_id: UUID, publication_id: UUID | None) -> None:
    """Write a recommendation's own mark of being shared; called by sharing in its transaction."""
    Recommendation.objects.filter(id=recommendation_id).update(publication_id=publication_id)


_FIELDS = (*MARKS, "would_use_again", "text", "phase", "size")


def _school(member: Member, phase: str | None, size: str | None) -> dict[str, str]:
    """Return the phase and size given, or those of the member's school."""
    posting = current_posting(member) if phase is None or size is None else None
    if phase is None:
        phase = posting.phase if posting else ""
    if size is None:
        size = size_band(posting.pupils) if posting else ""
    return {"phase": phase, "size": size}


def _check_pace(member: Member, text: str) -> None:
    try:
        moderation.check_limits("recommendation", by=member, text=text)
    except moderation.LimitError as error:
        raise SupplierError(str(error), field="text") from error


def _tidy(**values: Any) -> dict[str, Any]:
    for name in MARKS:
        _check_mark(name, values[name])
    if not isinstance(values["would_use_again"], bool):
        raise SupplierError("Say whether you would use them again.", field="would_use_again")
    if values["size"] and values["size"] not in SizeBand.values:
        raise SupplierError("Choose one of the sizes.", field="size")
    missing = "Write what another school should know."
    return values | {
        "text": tidy_text(values["text"], field="text", longest=MAX_TEXT_LENGTH, missing=missing),
        "phase": tidy_line(values["phase"], field="phase", longest=40),
    }


def _check_mark(name: str, mark: object) -> None:
    if isinstance(mark, bool) or not isinstance(mark, int) or not 1 <= mark <= 5:
        raise SupplierError(f"{name.capitalize()} is a mark from 1 to 5.", field=name)


def _created(recommendation: Recommendation) -> Recommendation:
    try:
        with transaction.atomic():
            recommendation.save(force_insert=True)
    except IntegrityError:
        existing = recommendation_by(recommendation.author, recommendation.supplier)
        if existing is None:
            raise
        raise AlreadyRecommendedError(existing) from None
    return recommendation


def _rewrite(recommendation: Recommendation, values: dict[str, Any], changed: list[str], *, by: Member) -> None:
    for name in changed:
        setattr(recommendation, name, values[name])
    recommendation.edited_at = timezone.now()
    recommendation.save(update_fields=[*changed, "edited_at"])
    record("suppliers.recommendation.edited", by=by.actor, target=recommendation, fields=changed)
    sharing.follow_edit(SHARE_KIND, recommendation.id, by=by)


def settle_figures(supplier: Supplier) -> None:
    """Bring the counts and means up to date; the caller holds the supplier's lock, so that none is lost."""
    figures = Recommendation.objects.filter(supplier=supplier, hidden_at=None).aggregate(
        recommendation_count=Count("id"),
        again_count=Count("id", filter=Q(would_use_again=True)),
        **{f"mean_{name}": Avg(name) for name in MARKS},
    )
    for name, value in figures.items():
        setattr(supplier, name, round(Decimal(value), 2) if isinstance(value, float) else value)
    supplier.save(update_fields=list(figures))
    supplier_saved.send(Supplier, supplier=supplier)
