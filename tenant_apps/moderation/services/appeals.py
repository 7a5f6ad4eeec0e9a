"""An author answers an act once; another moderator decides."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from shared_apps.audit.services import record
from tenant_apps.members.models import Member
from tenant_apps.moderation.enums import TAKES_BACK
from tenant_apps.moderation.models import Act, Appeal
from tenant_apps.moderation.permissions import can_appeal, can_decide_appeal
from tenant_apps.moderation.selectors import forget_count, has_other_moderators, moderators
from tenant_apps.moderation.services.decisions import take_back
from tenant_apps.moderation.services.errors import ModerationError, NotAllowedError, clean_words
from tenant_apps.moderation.services.telling import tell_appeal_decided, tell_of_appeal
from tenants.context import on_commit_here


@transaction.atomic
def appeal(act: Act, *, words: str, by: Member) -> Appeal:
    """Say why an act is wrong, once; the moderators who may decide are told."""
    if not can_appeal(by, act):
        raise NotAllowedError("You can only appeal against what was done about your own posts.")
    if Act.objects.filter(undoes=act).exists():
        raise ModerationError("This has been taken back already, so there is nothing to appeal against.")
    tidy = clean_words(words, missing="Write why you think it is wrong.")
    try:
        with transaction.atomic():
            made = Appeal.objects.create(act=act, words=tidy)
    except IntegrityError:
        raise ModerationError("You have appealed already. Each decision can be appealed once.") from None
    record("moderation.appeal.made", by=by.actor, target=made, act=act.id)
    others = has_other_moderators(act.by_id, act.about_id)
    tell_of_appeal(made, deciders=[each for each in moderators() if can_decide_appeal(each, made, has_others=others)])
    on_commit_here(forget_count)
    return made


@transaction.atomic
def decide_appeal(appeal: Appeal, *, is_granted: bool, reason: str, by: Member) -> Appeal:
    """Grant an appeal, which takes the act back, or refuse it; the author and who acted are told."""
    locked = Appeal.objects.select_for_update(of=("self",)).select_related("act__case", "act__about", "act__by")
    decided = locked.get(id=appeal.id)
    act = decided.act
    if not can_decide_appeal(by, decided, has_others=has_other_moderators(act.by_id, act.about_id)):
        raise NotAllowedError("Another moderator than the one who acted decides this.")
    if decided.decided_at is not None:
        raise ModerationError("This has been decided already.")
    decided.is_granted, decided.decided_by, decided.decided_at = is_granted, by, timezone.now()
    decided.reason = clean_words(reason, missing="Write why, for the author and the log.")
    decided.save(update_fields=["is_granted", "decided_by", "decided_at", "reason"])
    record("moderation.appeal.decided", by=by.actor, target=decided, is_granted=is_granted)
    if is_granted and act.kind in TAKES_BACK and not Act.objects.filter(undoes=act).exists():
        take_back(act, reason=decided.reason, by=by)
    tell_appeal_decided(decided)
    on_commit_here(forget_count)
    return decided
