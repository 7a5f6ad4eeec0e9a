"""From the announcement to the day of deletion: read-only, reminders, what is shared, and how billing stands aside."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from collective.publications.models import Publication
from shared_apps.audit.models import Event
from shared_apps.audit.services import Actor
from shared_apps.billing import services as billing
from shared_apps.billing.enums import State
from shared_apps.billing.models import Notice, Subscription
from shared_apps.closing import services
from shared_apps.closing.enums import AskedBy, ClosingState
from shared_apps.closing.models import Closing
from shared_apps.closing.services import ClosingError, Plan
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message, PlatformMessage
from shared_apps.operator import services as operating
from tenant_apps.sharing.models import ReceivedReply
from tenants.context import in_collective, in_network
from tenants.enums import NetworkState
from tenants.models import Network
from tests.builders import meanwhile
from tests.builders.closing import announce
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import make_member

BY = Actor.system("command")


def after(closing, **span):
    return closing.closes_at + timedelta(**span)


def mails(network):
    with in_network(network):
        return [kind.removeprefix("closing.") for kind in _kinds(Message)]


def _kinds(model):
    return model.objects.filter(kind__startswith="closing.").order_by("id").values_list("kind", flat=True)


def state_of(network):
    return Network.objects.values_list("state", "is_read_only").get(id=network.id)


def test_from_the_closing_day_it_is_read_only_and_owners_are_reminded_twice(alder, birch, owner):
    closing = announce(alder, owner)
    at_the_end = closing.deletes_at - timedelta(minutes=1)

    moments = [
        after(closing, minutes=-1),
        after(closing, minutes=1),
        after(closing, days=20),
        after(closing, days=23, minutes=1),
        after(closing, days=24),
        after(closing, days=29, minutes=1),
        at_the_end,
    ]
    seen = []
    for moment in moments:
        services.advance_all(moment)
        Worker().drain()
        seen.append((*state_of(alder), mails(alder)[1:]))

    only_read = (NetworkState.LIVE, True)
    assert seen == [
        (NetworkState.LIVE, False, []),
        (*only_read, ["read_only"]),
        (*only_read, ["read_only"]),
        (*only_read, ["read_only", "week_left"]),
        (*only_read, ["read_only", "week_left"]),
        (*only_read, ["read_only", "week_left", "day_left"]),
        (*only_read, ["read_only", "week_left", "day_left"]),
    ]
    assert state_of(birch) == (NetworkState.LIVE, False)
    with in_network(alder):
        log = Event.objects.filter(name__startswith="closing.").order_by("id").values_list("name", flat=True)
        assert [name.rsplit(".", 1)[-1] for name in log] == ["announced", "ended", "reminded", "reminded"]


@pytest.mark.parametrize("keeps", [True, False])
def test_what_is_shared_comes_home_on_the_closing_day_or_stays(alder, birch, owner, keeps):
    answerer = make_member(birch, name="Martin Bayliss")
    with in_network(alder):
        question = share(make_discussion(owner), owner)
    away_reply(question, answerer, birch)
    closing = announce(alder, owner, keeps=keeps)

    services.advance_all(after(closing, minutes=1))
    Worker().drain()

    with in_collective():
        assert Publication.objects.filter(origin_id=alder.id).count() == int(keeps)
    with in_network(alder):
        assert ReceivedReply.objects.count() == int(not keeps)


def test_taken_back_after_the_closing_day_it_can_be_written_again(alder, owner):
    closing = announce(alder, owner)
    services.advance_all(after(closing, days=1))

    services.call_off(alder, now=after(closing, days=2), by=owner.actor)

    assert state_of(alder) == (NetworkState.LIVE, False)
    assert Closing.objects.get().state == ClosingState.CALLED_OFF
    services.advance_all(after(closing, days=90))
    assert state_of(alder) == (NetworkState.LIVE, False)


def test_the_review_of_billing_neither_opens_it_nor_urges_nor_suspends(alder, owner):
    subscription = Subscription.objects.get(network=alder)
    closing = announce(alder, owner)
    services.advance_all(after(closing, days=1))
    Subscription.objects.filter(id=subscription.id).update(trial_ends_at=closing.asked_at)

    for days in (1, 31, 100, 400):
        billing.review(subscription.id, now=after(closing, days=days))

    assert state_of(alder) == (NetworkState.LIVE, True)
    assert not Notice.objects.exists()
    services.call_off(alder, now=after(closing, days=29), by=owner.actor)
    subscription.refresh_from_db()
    assert (subscription.state, state_of(alder)) == (State.READ_ONLY, (NetworkState.LIVE, True))  # its own now


@pytest.mark.django_db(transaction=True)
def test_taken_back_while_billing_reviews_it_the_one_waits_for_the_other(alder, owner):
    """Both change the subscription and the network; in opposite orders each would wait for the other."""
    closing = announce(alder, owner)
    subscription = Subscription.objects.get(network=alder)

    with transaction.atomic():
        Subscription.objects.select_for_update().get(id=subscription.id)  # as a review begins
        end = meanwhile.begin(lambda: services.call_off(alder, now=closing.closes_at, by=owner.actor))
        billing.review(subscription.id, now=after(closing, days=1))
        closed = state_of(alder)
    end()

    assert (closed, state_of(alder)) == ((NetworkState.LIVE, True), (NetworkState.LIVE, False))


def test_one_that_was_suspended_for_payment_stays_so_and_its_owners_hear_of_it(alder, owner):
    subscription = Subscription.objects.get(network=alder)
    now = timezone.now()
    Subscription.objects.filter(id=subscription.id).update(trial_ends_at=now - timedelta(days=200))
    billing.review(subscription.id, now=now)
    assert state_of(alder)[0] == NetworkState.SUSPENDED
    alder.refresh_from_db()

    plan = Plan(timezone.localdate(now) + timedelta(days=30), keeps_publications=True, reason="Nobody pays.")
    closing = services.announce(alder, plan, asked_by=AskedBy.OPERATOR, now=now, by=BY)
    billing.set_trial_end(subscription, ends_at=now + timedelta(days=300), now=now, by=BY)
    Worker().drain()

    assert state_of(alder)[0] == NetworkState.SUSPENDED
    assert list(_kinds(PlatformMessage)) == ["closing.announced"]
    assert PlatformMessage.objects.get(kind="closing.announced").to_address == owner.email
    services.call_off(alder, now=now, by=BY)
    assert state_of(alder) == (NetworkState.LIVE, False)
    assert closing.reason == "Nobody pays."


def test_one_closing_at_a_time_and_only_of_what_is_there(alder, birch, owner):
    announce(alder, owner)
    with pytest.raises(ClosingError, match="closing already"):
        announce(alder, owner)
    operating.suspend_network(birch, by=BY)
    Network.objects.filter(id=birch.id).update(state=NetworkState.FAILED)
    plan = Plan(timezone.localdate() + timedelta(days=30), keeps_publications=True)
    with pytest.raises(ClosingError, match="nothing to close"):
        services.announce(birch, plan, asked_by=AskedBy.OPERATOR, now=timezone.now(), by=BY)


def test_deleted_at_once_before_the_emails_were_written_nobody_reads_of_another_day(alder, owner):
    announce(alder, owner)
    services.close_now(alder, reason="A court asks.", keeps_publications=False, now=timezone.now(), by=BY)

    Worker().drain()

    assert (mails(alder), list(_kinds(PlatformMessage))) == ([], [])
