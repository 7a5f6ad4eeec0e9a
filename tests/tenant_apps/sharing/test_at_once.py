"""Two people at once: nobody waits for ever, nothing is lost, and both sides agree in the end.

Every act runs in a thread with a connection of its own, several rounds of each pair.
"""

from collections.abc import Callable
from typing import Any

import pytest

from collective.publications import services as publications
from collective.publications.enums import Identity
from collective.publications.models import Publication, PublicationReply
from collective.publications.services import PublicationGoneError
from shared_apps.jobs.worker import Worker
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenant_apps.sharing import services
from tenant_apps.sharing.enums import LedgerAction, ShareState
from tenant_apps.sharing.models import LedgerEntry, ReceivedReply, SharedItem
from tenant_apps.sharing.rebuilding import find_drift, rebuild
from tenant_apps.sharing.services import Choice, SharingRefusedError
from tenants.context import in_collective, in_network
from tenants.models import Network
from tests.builders.at_once import at_once, within
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import make_member

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4
NAMED = Choice(identity=Identity.NAMED)


@pytest.fixture
def priya(alder: Network) -> Member:
    return make_member(alder, name="Priya Raman")


@pytest.fixture
def martin(birch: Network) -> Member:
    return make_member(birch, name="Martin Bayliss")


def discussion_of(alder: Network, priya: Member, *, shared: bool, title: str = "Who does it?") -> Discussion:
    with in_network(alder):
        made = make_discussion(priya, title=title)
        return share(made, priya) if shared else made


def published() -> list:
    with in_collective():
        return list(Publication.objects.values_list("id", flat=True))


def test_two_shares_at_once_make_one_publication(alder: Network, priya) -> None:
    discussion = discussion_of(alder, priya, shared=False)
    act = within(alder, services.share_item, "discussion", discussion.id, NAMED, by=priya)

    results = at_once(act, act, act)

    assert {type(each) for each in results} == {SharedItem}
    assert {each.publication_id for each in results} == set(published())
    with in_network(alder):
        assert list(LedgerEntry.objects.values_list("action", flat=True)) == [LedgerAction.SHARED]
        assert [Discussion.objects.get().publication_id] == published()


def test_share_and_withdraw_at_once_agree_in_the_end(alder: Network, priya) -> None:
    for number in range(ROUNDS):
        discussion = discussion_of(alder, priya, shared=True, title=f"Round {number}")

        results = at_once(
            within(alder, services.withdraw_item, "discussion", discussion.id, by=priya),
            within(alder, services.share_item, "discussion", discussion.id, NAMED, by=priya),
            within(alder, services.withdraw_item, "discussion", discussion.id, by=priya),
        )

        assert {type(each) for each in results} <= {SharedItem, SharingRefusedError}
        with in_network(alder):
            item, stored = SharedItem.objects.get(source_id=discussion.id), Discussion.objects.get(id=discussion.id)
        is_out = item.state == ShareState.SHARED
        assert (stored.publication_id, item.publication_id in published()) == (
            item.publication_id if is_out else None,
            is_out,
        )
    assert find_drift() == []


def test_a_reply_while_it_is_withdrawn_is_refused_or_comes_home(alder: Network, birch, priya, martin) -> None:
    for number in range(ROUNDS):
        discussion = discussion_of(alder, priya, shared=True, title=f"Round {number}")
        reply = within(birch, away_reply, discussion, martin, birch)

        *replies, withdrawn = at_once(
            reply, reply, reply, within(alder, services.withdraw_item, "discussion", discussion.id, by=priya)
        )

        assert isinstance(withdrawn, SharedItem)
        posted = {each.id for each in replies if isinstance(each, PublicationReply)}
        refused = [each for each in replies if isinstance(each, PublicationGoneError | Publication.DoesNotExist)]
        assert len(posted) + len(refused) == 3, replies
        Worker().drain()
        with in_network(alder):
            home = set(ReceivedReply.objects.filter(source_id=discussion.id).values_list("id", flat=True))
            stored = Discussion.objects.get(id=discussion.id)
        assert (home, stored.away_count, stored.received_count) == (posted, len(posted), len(posted))
    with in_collective():
        assert not PublicationReply.objects.exists()


def test_replies_at_once_are_all_counted(alder: Network, birch, priya, martin) -> None:
    discussion = discussion_of(alder, priya, shared=True)
    here = within(alder, discussions.post_reply, discussion, body="Here", by=priya)
    away = within(birch, away_reply, discussion, martin, birch)

    results = at_once(here, away, here, away)

    assert [each for each in results if isinstance(each, Exception)] == []
    count = within(alder, discussions.count_away_replies, discussion)
    at_once(count, count)
    with in_network(alder):
        stored = Discussion.objects.get()
        assert (stored.reply_count, stored.away_count, stored.replies.count()) == (2, 2, 2)
    with in_collective():
        assert Publication.objects.get().reply_count == 2


def test_edits_while_it_is_shared_changed_and_marked(alder: Network, birch, priya, martin) -> None:
    for number in range(ROUNDS):
        discussion = discussion_of(alder, priya, shared=bool(number % 2), title=f"Round {number}")
        with in_network(alder):
            reply = discussions.post_reply(discussion, body="x", by=priya)

        results = at_once(
            within(alder, services.share_item, "discussion", discussion.id, NAMED, by=priya),
            within(alder, discussions.edit_discussion, discussion, title=f"Edited {number}", body="New", by=priya),
            within(alder, discussions.mark_reply, discussion, reply.id, is_answer=True, by=priya),
            within(alder, discussions.post_reply, discussion, body="y", by=priya),
        )

        assert [each for each in results if isinstance(each, Exception)] == []
        with in_collective():
            publication = Publication.objects.get(title=f"Edited {number}")
            assert (publication.body, publication.answered_at_home) == ("New", True)
    assert find_drift() == []


def test_what_happens_to_an_answer_while_it_goes_home(alder: Network, birch, priya, martin) -> None:
    for number in range(ROUNDS):
        discussion = discussion_of(alder, priya, shared=True, title=f"Round {number}")
        with in_network(alder):
            reply = away_reply(discussion, martin, birch)

        results = at_once(
            within(alder, services.withdraw_item, "discussion", discussion.id, by=priya),
            within(alder, discussions.mark_reply, discussion, reply.id, is_answer=True, by=priya),
            lambda reply=reply: in_portal(publications.edit_reply, reply, body="Other", account_id=martin.account_id),
            lambda reply=reply: in_portal(publications.withdraw_reply, reply, account_id=martin.account_id),
        )

        unexpected = [each for each in results if isinstance(each, Exception)]
        assert {type(each) for each in unexpected} <= {PublicationGoneError}
        Worker().drain()
        with in_network(alder):
            home = ReceivedReply.objects.filter(source_id=discussion.id)
            stored = Discussion.objects.get(id=discussion.id)
            assert stored.away_count == home.count()
            assert stored.is_answered == home.filter(is_answer=True).exists()
    assert (published(), find_drift()) == ([], [])


def in_portal(act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with in_collective():
        return act(*args, **kwargs)


def test_approving_what_is_withdrawn_at_once_lets_nothing_leave_that_is_not_shared(alder: Network, priya) -> None:
    helen = make_member(alder, name="Helen Marsh", role=Role.ORGANISER)
    with in_network(alder):
        services.update_policy(approval_required=True, kept_categories=[], blocked_networks=[], by=helen)
    for number in range(ROUNDS):
        discussion = discussion_of(alder, priya, shared=True, title=f"Round {number}")
        with in_network(alder):
            item = SharedItem.objects.get(source_id=discussion.id)

        results = at_once(
            within(alder, services.approve_item, item, by=helen),
            within(alder, services.withdraw_item, "discussion", discussion.id, by=priya),
            within(alder, services.approve_item, item, by=helen),
        )

        assert {type(each) for each in results} <= {SharedItem, SharingRefusedError}
        assert results[1].state == ShareState.WITHDRAWN
    assert (published(), find_drift()) == ([], [])


def test_a_rebuild_does_not_bring_back_what_is_withdrawn_meanwhile(alder: Network, priya) -> None:
    for number in range(ROUNDS):
        kept = discussion_of(alder, priya, shared=True, title=f"Kept {number}")
        discussion = discussion_of(alder, priya, shared=True, title=f"Round {number}")

        results = at_once(
            lambda: list(rebuild()),
            within(alder, services.withdraw_item, "discussion", discussion.id, by=priya),
            within(alder, discussions.edit_discussion, kept, title=f"Edited {number}", body="New", by=priya),
        )

        assert [each for each in results if isinstance(each, Exception)] == []
        assert discussion.publication_id not in published()
    assert find_drift() == []
