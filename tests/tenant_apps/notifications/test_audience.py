"""Who is told of what, and how."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.mail import services as mail
from tenant_apps.notifications import selectors, services
from tenant_apps.notifications.enums import Channel, Kind, Level
from tenant_apps.notifications.selectors import Happening
from tenants.context import this_network
from tenants.ids import new_id
from tests.builders.members import make_member

THING, CATEGORY = new_id(), new_id()
THINGS = [("discussion", THING), ("category", CATEGORY)]
NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Europe/London"))
NIGHT = NOON.replace(hour=23)


@pytest.fixture
def priya(in_alder):
    return make_member(in_alder, name="Priya Raman")


@pytest.fixture
def tom(in_alder):
    return make_member(in_alder, name="Tom Whitlock")


def told(member, *, now=NOON, kind=Kind.REPLY, **facts) -> tuple | None:
    """Return how this member is told of something in the thing."""
    found = selectors.told_of(Happening(kind=kind, things=THINGS, **facts), now)
    return next(((each.kind, each.channel, each.in_inbox) for each in found if each.member.id == member.id), None)


def choose(member, level: Level, *, kind: str = "discussion", object_id=THING) -> None:
    services.set_level(member, kind=kind, object_id=object_id, level=level)


def test_told_of_who_said_nothing_hears_of_new_things_in_the_digest_only(priya):
    assert told(priya) is None
    assert told(priya, kind=Kind.NEW_DISCUSSION, for_everybody=True) == ("new_discussion", Channel.DIGEST, False)


@pytest.mark.parametrize(
    ("level", "of_others", "of_mine"),
    [
        (Level.EVERYTHING, ("reply", "email", True), ("reply", "email", True)),
        (Level.MENTIONS, None, ("reply", "email", True)),
        (Level.DIGEST, ("reply", "digest", False), ("reply", "email", True)),
        (Level.MUTE, None, None),
    ],
)
def test_told_of_each_level(priya, level, of_others, of_mine):
    choose(priya, level)

    assert (told(priya), told(priya, mine=[priya.id])) == (of_others, of_mine)


def test_told_of_the_narrowest_choice_wins(priya):
    network = this_network().id
    choose(priya, Level.EVERYTHING, kind="network", object_id=network)
    assert told(priya) == ("reply", "email", True)

    choose(priya, Level.MUTE, kind="category", object_id=CATEGORY)
    assert told(priya) is None

    choose(priya, Level.EVERYTHING)
    assert told(priya) == ("reply", "email", True)


def test_told_of_who_is_named_is_told_once_as_named(priya):
    choose(priya, Level.MENTIONS)

    assert told(priya, named=[priya.id]) == ("mention", "email", True)


def test_told_of_who_did_it_and_what_is_only_anothers(priya, tom):
    choose(priya, Level.EVERYTHING)

    assert told(priya, by=priya.id) is None
    assert told(priya, mine=[tom.id], only_mine=True) is None


@pytest.mark.parametrize("channel", Channel)
def test_told_of_channel_of_the_kind(priya, channel):
    choose(priya, Level.EVERYTHING)
    services.set_channel(priya, Kind.REPLY, channel)

    assert told(priya) == (None if channel == Channel.NONE else ("reply", channel, True))


def test_told_of_who_wants_no_digest_has_it_in_the_inbox_or_not_at_all(priya):
    mail.save_recipient(priya.account_id, digest="never")
    choose(priya, Level.EVERYTHING)
    services.set_channel(priya, Kind.REPLY, Channel.DIGEST)
    assert told(priya) == ("reply", "inbox", True)

    choose(priya, Level.DIGEST)
    assert told(priya) is None


def test_told_of_quiet_hours_only_delay(priya):
    choose(priya, Level.EVERYTHING)
    mail.save_recipient(priya.account_id, quiet_from=22, quiet_until=7)

    (at_night,) = selectors.told_of(Happening(kind=Kind.REPLY, things=THINGS), NIGHT)
    (at_noon,) = selectors.told_of(Happening(kind=Kind.REPLY, things=THINGS), NOON)

    assert at_night.channel == at_noon.channel == Channel.EMAIL
    assert at_night.not_before == datetime(2026, 11, 21, 7, tzinfo=ZoneInfo("Europe/London"))
    assert at_noon.not_before is None


def test_told_of_what_must_reach_them_comes_by_email_whatever_they_chose(priya):
    choose(priya, Level.MUTE, kind="network", object_id=this_network().id)
    services.set_channel(priya, Kind.MODERATION, Channel.NONE)
    mail.save_recipient(priya.account_id, quiet_from=22, quiet_until=7)
    facts = {"kind": Kind.MODERATION, "mine": [priya.id], "only_mine": True}

    (must,) = selectors.told_of(Happening(**facts, always=True), NIGHT)

    assert selectors.told_of(Happening(**facts), NIGHT) == []
    assert (must.channel, must.in_inbox) == (Channel.EMAIL, True)
    assert must.not_before == datetime(2026, 11, 21, 7, tzinfo=ZoneInfo("Europe/London"))


def test_told_of_an_address_that_takes_no_mail_has_an_inbox(priya):
    choose(priya, Level.EVERYTHING)
    mail.take_bounce(priya.email, is_hard=True)
    assert told(priya) == ("reply", "inbox", True)

    services.use_address_again(priya)
    assert told(priya) == ("reply", "email", True)


def test_told_of_takes_as_many_queries_for_one_as_for_many(in_alder, priya):
    counts = []
    for number in (0, 3, 9):
        for each in range(number):
            choose(make_member(in_alder, name=f"Member {number} {each}"), Level.EVERYTHING)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            selectors.told_of(Happening(kind=Kind.NEW_DISCUSSION, things=THINGS, for_everybody=True), NOON)
        counts.append(len(caught))

    assert counts == [5, 5, 5]
