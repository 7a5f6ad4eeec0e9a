"""Keeping who a text names; whoever tells of the text reads it from there."""

from uuid import UUID

from tenant_apps.discussions import tasks
from tenant_apps.discussions.mentioning import Person, may_name, named_in
from tenant_apps.discussions.models import Discussion, Mention, Reply
from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member


def note_mentions(discussion: Discussion, reply: Reply | None = None) -> set[UUID]:
    """Keep who a discussion's opening, or a reply, names now: active members of this network, and not its author.

    Returns those whom it did not name before.
    """
    post = reply or discussion
    wanted = named_in(post.body, _people()) - {post.author_id} if may_name(post.body) else set()
    named = Mention.objects.filter(discussion=discussion, reply=reply)
    named.exclude(member_id__in=wanted).delete()
    fresh = wanted - set(named.values_list("member_id", flat=True)) if wanted else set()
    Mention.objects.bulk_create(
        [Mention(discussion=discussion, reply=reply, member_id=each) for each in sorted(fresh)], ignore_conflicts=True
    )
    return fresh


def tell_named(discussion: Discussion, reply: Reply | None, named: set[UUID], *, by: Member) -> None:
    """Tell whom an edit named for the first time; who heard of the text before hears nothing."""
    if named:
        tasks.tell_of_names.enqueue(
            discussion_id=str(discussion.id),
            reply_id=str(reply.id) if reply else "",
            member_ids=[str(each) for each in sorted(named)],
            by_id=str(by.id),
        )


def _people() -> list[Person]:
    columns = ("id", "name", "role", "headline_school", "headline_town")
    return [Person(*row) for row in Member.objects.filter(state=MemberState.ACTIVE).values_list(*columns)]
