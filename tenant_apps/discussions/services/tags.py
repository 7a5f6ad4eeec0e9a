"""Words that discussions have in common: given by who writes, kept in order by organisers."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Func, QuerySet, TextField, Value

from shared_apps.audit.services import record
from shared_apps.core.markdown import is_blank, tidy_line
from tenant_apps.discussions.models import Discussion, Tag
from tenant_apps.discussions.permissions import can_manage_categories
from tenant_apps.discussions.selectors import forget_tags
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.discussions.signals import discussions_tagged
from tenant_apps.members.models import Member
from tenants.context import on_commit_here

MAX_TAGS = 5
MAX_TAG_LENGTH = 40


def clean_tags(names: Iterable[str]) -> list[str]:
    """Return tags as this network spells them, each once; a new one is remembered. Call it in a transaction."""
    wanted = list(dict.fromkeys(_clean_tag(name) for name in names if not is_blank(tidy_line(name))))
    if len({name.casefold() for name in wanted}) > MAX_TAGS:
        raise DiscussionError(f"A discussion has at most {MAX_TAGS} tags.")
    return list(dict.fromkeys(_as_spelled(name) for name in wanted))


@transaction.atomic
def rename_tag(tag: Tag, *, name: str, by: Member) -> Tag:
    """Spell a tag differently everywhere; given the name of another, the two become one. Return what is kept."""
    _check_may_manage(by)
    old, name = tag.name, _clean_tag(name)
    other = Tag.objects.filter(name__iexact=name).exclude(id=tag.id).first()
    if other is not None:
        tag.delete()
        name = other.name
    else:
        tag.name = name
        tag.save(update_fields=["name"])
    _replace(old, name)
    kept = other or tag
    record("discussions.tag.renamed", by=by.actor, target=kept, is_merged=other is not None)
    on_commit_here(forget_tags)
    return kept


@transaction.atomic
def remove_tag(tag: Tag, *, by: Member) -> None:
    """Take a tag off every discussion."""
    _check_may_manage(by)
    carried = list(_tagged(tag.name).values_list("id", flat=True))
    _tagged(tag.name).update(tag_names=_array("array_remove", tag.name))
    record("discussions.tag.removed", by=by.actor, target=tag)
    tag.delete()
    discussions_tagged.send(Discussion, discussion_ids=carried)
    on_commit_here(forget_tags)


def _replace(old: str, name: str) -> None:
    if old == name:
        return
    carried = list(_tagged(old).values_list("id", flat=True))
    _tagged(old).filter(tag_names__contains=[name]).update(tag_names=_array("array_remove", old))
    _tagged(old).update(tag_names=_array("array_replace", old, name))
    discussions_tagged.send(Discussion, discussion_ids=carried)


def _tagged(name: str) -> QuerySet[Discussion]:
    return Discussion.objects.filter(tag_names__contains=[name])


def _array(function: str, *words: str) -> Func:
    values = [Func(Value(word), template="%(expressions)s::varchar", output_field=TextField()) for word in words]
    return Func(F("tag_names"), *values, function=function)


def _clean_tag(name: str) -> str:
    tidy = tidy_line(name)
    if is_blank(tidy) or "," in tidy:
        raise DiscussionError("A tag is a word or a few, without a comma.")
    if len(tidy) > MAX_TAG_LENGTH:
        raise DiscussionError(f"A tag has at most {MAX_TAG_LENGTH} characters.")
    return tidy


def _as_spelled(name: str) -> str:
    found = Tag.objects.filter(name__iexact=name).first()
    if found is None:
        Tag.objects.bulk_create([Tag(name=name)], ignore_conflicts=True)
        found = Tag.objects.get(name__iexact=name)
        on_commit_here(forget_tags)
    return found.name


def _check_may_manage(by: Member) -> None:
    if not can_manage_categories(by):
        raise NotAllowedError("Only organisers can change tags.")
