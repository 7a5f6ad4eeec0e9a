"""Who asked without their name: what keeps it from being told."""

from shared_apps.audit.services import Actor
from tenant_apps.discussions.models import Category, Discussion
from tenant_apps.discussions.services.errors import DiscussionError
from tenant_apps.members.models import Member


def actor_in(discussion: Discussion, by: Member) -> Actor:
    """Return who acts for the audit: nobody by name, and from nowhere, where they asked without theirs."""
    if discussion.is_anonymous and by.id == discussion.author_id:
        return Actor(account_id=None, label="who asked without their name", via=by.actor.via)
    return by.actor


def check_may_mask(category: Category, *, is_anonymous: bool) -> None:
    """Refuse what is asked without a name where organisers do not allow it."""
    if is_anonymous and not category.allows_anonymous:
        raise DiscussionError(f"In {category.name} questions have their asker’s name. An organiser can change that.")
