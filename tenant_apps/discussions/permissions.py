"""Who may do what in a discussion."""

from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import can_write, is_moderator, is_organiser


def can_take_part(member: Member | None) -> bool:
    """Return whether a member may ask and reply."""
    return can_write(member)


def can_edit_discussion(member: Member, discussion: Discussion) -> bool:
    """Return whether a member may change its title, text and category: who wrote it, or a moderator."""
    return can_write(member) and (member.id == discussion.author_id or is_moderator(member))


def can_see_original(member: Member, post: Discussion | Reply) -> bool:
    """Return whether a member may read the email that a post was: its author, and a moderator who may know them."""
    if member.id == post.author_id:
        return True
    discussion = post if isinstance(post, Discussion) else post.discussion
    is_masked = discussion.is_anonymous and post.author_id == discussion.author_id
    return is_moderator(member) and not is_masked


def can_edit_reply(member: Member, reply: Reply) -> bool:
    """Return whether a member may change a reply: who wrote it, or a moderator."""
    return can_write(member) and (member.id == reply.author_id or is_moderator(member))


def can_mark_answer(member: Member, discussion: Discussion) -> bool:
    """Return whether a member may mark answers: the asker, or a moderator."""
    return discussion.kind == "question" and (member.id == discussion.author_id or is_moderator(member))


def can_manage_categories(member: Member) -> bool:
    """Return whether a member may add, rename and archive categories."""
    return is_organiser(member)


def can_bring_archives(member: Member | None) -> bool:
    """Return whether a member may bring in a mailing list's archive, and take it out again."""
    return is_organiser(member)


def can_moderate(member: Member | None) -> bool:
    """Return whether a member may close, pin, hide, move, merge and split discussions."""
    return is_moderator(member)


def can_reply(member: Member | None, discussion: Discussion) -> bool:
    """Return whether a member may reply: nobody to what is not to be seen, only moderators to what is closed."""
    if discussion.is_hidden or discussion.awaits_approval or discussion.merged_into_id:
        return False
    return can_write(member) and (not discussion.is_locked or is_moderator(member))


def can_find_helpful(member: Member, post: Discussion | Reply) -> bool:
    """Return whether a member may say that something helped: anything but their own words."""
    return can_take_part(member) and member.id != post.author_id


def can_vote(member: Member | None, discussion: Discussion) -> bool:
    """Return whether a member may vote in a discussion's poll, also where it is closed to replies."""
    is_seen = not (discussion.is_hidden or discussion.awaits_approval or discussion.merged_into_id)
    return can_take_part(member) and is_seen
