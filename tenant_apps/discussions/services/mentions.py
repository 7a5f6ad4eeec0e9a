"""Keeping who a text names; whoever tells of the text reads it from there."""

from tenant_apps.discussions.mentioning import Person, may_name, named_in
from tenant_apps.discussions.models import Discussion, Mention, Reply
from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member


def note_mentions(discussion: Discussion, reply: Reply | None = None) -> None:
    """Keep who a discussion's opening, or a reply, names now: active members of this network, and not its author."""
    post = reply or discussion
    wanted = named_in(post.body, _people()) - {post.author_id} if may_name(post.body) else set()
    Mention.objects.filter(discussion=discussion, reply=reply).exclude(member_id__in=wanted).delete()
    Mention.objects.bulk_create(
        [Mention(discussion=discussion, reply=reply, member_id=each) for each in sorted(wanted)], ignore_conflicts=True
    )


def _people() -> list[Person]:
    columns = ("id", "name", "role", "headline_school", "headline_town")
    return [Person(*row) for row in Member.objects.filter(state=MemberState.ACTIVE).values_list(*columns)]
