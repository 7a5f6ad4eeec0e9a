"""Following and unfollowing things, and telling followers by email."""

from typing import Any
from uuid import UUID

from django.db import transaction

from shared_apps.mail import services as mail
from tenant_apps.members.models import Member
from tenant_apps.notifications import selectors
from tenant_apps.notifications.models import Follow
from tenants.context import this_network
from tenants.selectors import host_of, network_url
from tenants.signing import NetworkSigner


def follow(member: Member, *, kind: str, object_id: UUID) -> None:
    """Let a member hear of what happens in a thing; following it already is the same."""
    Follow.objects.bulk_create([Follow(member=member, kind=kind, object_id=object_id)], ignore_conflicts=True)


def unfollow(member: Member, *, kind: str, object_id: UUID) -> None:
    """Let a member hear no more of a thing; not following it is the same."""
    Follow.objects.filter(member_id=member.id, kind=kind, object_id=object_id).delete()


@transaction.atomic
def notify_followers(
    *,
    kind: str,
    object_id: UUID,
    subject: str,
    template: str,
    context: dict[str, Any],
    path: str,
    dedupe_key: str,
    thread_key: str = "",
    except_member_id: UUID | None = None,
) -> int:
    """Queue one message for each follower but the one who caused it, and return for how many.

    `template` and `context` are those of mail.queue_message; `url` (the thing's page, at `path`), `unsubscribe_url` and
    `reader` (a name) are added. `dedupe_key` names what happened, so that a job that runs twice tells nobody twice.
    """
    told = [each for each in selectors.followers(kind=kind, object_id=object_id) if each.id != except_member_id]
    for member in told:
        link = unsubscribe_url(member, kind=kind, object_id=object_id)
        mail.queue_message(
            to=member.email,
            to_account_id=member.account_id,
            subject=subject,
            template=template,
            context={
                **context,
                "url": network_url(this_network(), path),
                "unsubscribe_url": link,
                "reader": member.name,
            },
            kind=template.replace("/", "."),
            thread_key=thread_key or None,
            unsubscribe_url=link,
            dedupe_key=f"{dedupe_key}:{member.id}",
        )
    return len(told)


def unsubscribe_url(member: Member, *, kind: str, object_id: UUID) -> str:
    """Return the address that stops one member's email about one thing, without signing in."""
    token = _signer().dumps([str(member.id), kind, str(object_id)])
    return network_url(this_network(), f"/notifications/unsubscribe/{token}/")


def _signer() -> NetworkSigner:
    return selectors.unsubscribe_signer(this_network(), host_of(this_network()))
