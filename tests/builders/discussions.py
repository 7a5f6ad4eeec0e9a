"""Discussions with replies, shared or not."""

from collective.publications.drafts import Replier
from collective.publications.enums import Identity
from collective.publications.models import Publication, PublicationReply
from collective.publications.services import reply_to_publication
from tenant_apps.discussions import services
from tenant_apps.discussions.enums import SHARE_KIND, DiscussionKind
from tenant_apps.discussions.models import Discussion
from tenant_apps.members.models import Member
from tenant_apps.sharing.services import Choice, share_item
from tenants.context import in_collective
from tenants.models import Network


def make_discussion(
    by: Member,
    *,
    title: str = "Who does your PAT testing?",
    body: str = "Ours has retired.",
    kind: str = DiscussionKind.QUESTION,
) -> Discussion:
    """Return a discussion of the current network."""
    return services.start_discussion(title=title, body=body, kind=kind, by=by)


def share(
    discussion: Discussion, by: Member, *, identity: str = Identity.NAMED, redactions: list[str] | None = None
) -> Discussion:
    """Share a discussion of the current network and return it as it is now."""
    share_item(SHARE_KIND, discussion.id, Choice(identity=Identity(identity), redactions=redactions or []), by=by)
    discussion.refresh_from_db()
    return discussion


def away_reply(
    discussion: Discussion, replier: Member, network: Network, *, body: str = "We use Circuit Sense."
) -> PublicationReply:
    """Return a reply that a member of another network gives in the Collective."""
    with in_collective(joining_transaction=True):
        return reply_to_publication(
            Publication.objects.get(id=discussion.publication_id),
            body=body,
            replier=Replier(
                account_id=replier.account_id,
                network_id=network.id,
                identity=Identity.NAMED,
                shown_name=replier.name,
                shown_network=network.name,
                shown_colour=network.colour,
            ),
        )
