"""Makes what lies between networks reportable: a reply is a case where it was received, and where it came from."""

from uuid import UUID

from collective.publications.enums import Identity
from collective.publications.models import PublicationReply
from collective.publications.selectors import shown_name
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import member_of_account
from tenant_apps.moderation.adapters import Reportable
from tenant_apps.sharing import selectors, services
from tenant_apps.sharing.adapters import adapter_for
from tenant_apps.sharing.enums import AWAY_REPLY, SENT_REPLY
from tenant_apps.sharing.models import ReceivedReply
from tenants.context import this_network
from tenants.selectors import collective_url


class ReportableAwayReply:
    """What somebody of another network answered to something of this one; hidden here, it is hidden beneath it."""

    kind, noun = AWAY_REPLY, "reply from another network"

    def load(self, object_id: UUID) -> Reportable | None:
        """Return the reply, in the Collective or come home, or None when it is gone."""
        home = selectors.get_received_reply(object_id)
        if home is not None:
            return self._reportable(home, home.source_kind, home.source_id, is_hidden=home.hidden_at is not None)
        reply = selectors.reply_in_collective(object_id)
        item = selectors.item_of_publication(reply.publication_id) if reply else None
        if reply is None or item is None:
            return None
        return self._reportable(reply, item.source_kind, item.source_id, is_hidden=reply.is_hidden)

    def hide(self, object_id: UUID, *, reason: str, by: Member) -> None:
        """Hide it."""
        services.hide_away_reply(object_id, is_hidden=True, by=by)

    def show(self, object_id: UUID, *, by: Member) -> None:
        """Let it be seen again, unless its own network hides it too."""
        services.hide_away_reply(object_id, is_hidden=False, by=by)

    def recent_of(self, author_id: UUID) -> list[Reportable]:
        """Return nothing: no member wrote these."""
        return []

    def count_standing(self, author_id: UUID) -> int:
        """Return nothing: no member wrote these."""
        return 0

    def _reportable(
        self, reply: PublicationReply | ReceivedReply, kind: str, source_id: UUID, *, is_hidden: bool
    ) -> Reportable:
        source, adapter = adapter_for(kind).load(source_id), adapter_for(kind)
        return Reportable(
            kind=self.kind,
            object_id=reply.id,
            title=f"Reply to {source.title}"[:200] if source else "Reply from another network",
            text=reply.body,
            author_id=None,
            author_name=shown_name(reply.shown_name, reply.shown_network),
            written_at=reply.shown_when,
            path=f"{adapter.path(source_id)}#reply-{reply.id}",
            is_hidden=is_hidden,
            origin=reply.shown_network,
        )


class ReportableSentReply:
    """What a member of this network answered in the Collective; hidden, it is gone everywhere until it is shown again.

    Who did not give their name there is not named to the moderators here either.
    """

    kind, noun = SENT_REPLY, "answer in the Collective"

    def load(self, object_id: UUID) -> Reportable | None:
        """Return the reply, or None when it is gone or another network's."""
        reply = selectors.reply_in_collective(object_id)
        if reply is None or reply.network_id != this_network().id:
            return None
        author = member_of_account(reply.account_id)
        return Reportable(
            kind=self.kind,
            object_id=reply.id,
            title=f"Reply to {reply.publication.title}"[:200],
            text=reply.body,
            author_id=author.id if author else None,
            author_name=shown_name(reply.shown_name, reply.shown_network),
            written_at=reply.shown_when,
            path=collective_url(f"/publications/{reply.publication_id}/#reply-{reply.id}"),
            is_hidden=reply.is_hidden,
            is_anonymous=reply.identity != Identity.NAMED,
        )

    def hide(self, object_id: UUID, *, reason: str, by: Member) -> None:
        """Take it out of the Collective."""
        services.hide_sent_reply(object_id, is_hidden=True, by=by)

    def show(self, object_id: UUID, *, by: Member) -> None:
        """Put it back, unless the network that received it hides it too."""
        services.hide_sent_reply(object_id, is_hidden=False, by=by)

    def recent_of(self, author_id: UUID) -> list[Reportable]:
        """Return nothing: what they answer elsewhere is theirs and that network's."""
        return []

    def count_standing(self, author_id: UUID) -> int:
        """Return nothing: it counts where it was read."""
        return 0
