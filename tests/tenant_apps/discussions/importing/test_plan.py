"""A plan says of each message what becomes of it, and keeps threads together whatever mail programs did to them."""

import io
import tracemalloc
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tenant_apps.discussions.enums import DiscussionKind, Fate
from tenant_apps.discussions.importing.mbox import NotMboxError
from tenant_apps.discussions.importing.plan import Plan, make_plan
from tests.builders.mailing_lists import BEGAN, PEOPLE, MailingList, message

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def plan_of(*messages: bytes, known=None) -> Plan:
    here = known or {}
    return make_plan(
        io.BytesIO(b"".join(messages)), known=lambda ids: {k: v for k, v in here.items() if k in ids}, now=NOW
    )


def test_plan_of_a_thousand_messages_has_the_right_threads():
    written = MailingList()

    plan = plan_of(written.write(1_000))

    found = {message.key: at for at, thread in enumerate(plan.threads) for message in thread.messages}
    by_truth, by_plan = defaultdict(set), defaultdict(set)
    for key, thread in written.truth.items():
        by_truth[thread].add(key)
    for key, thread in found.items():
        by_plan[thread].add(key)
    assert sorted(map(sorted, by_plan.values())) == sorted(map(sorted, by_truth.values()))
    assert plan.counts() == {"brings": len(written.truth), "twice": written.twice}
    assert written.lost > 0


def test_plan_openings_come_first_and_replies_in_order_of_time():
    written = MailingList(seed=8)

    plan = plan_of(written.write(300))

    for thread in plan.threads:
        dates = [each.date for each in thread.messages]
        assert dates == sorted(dates)
        assert thread.messages[0].key.split(".")[1] == "0"
    assert max(each.date for each in plan.brought) <= NOW


@pytest.mark.parametrize(
    ("fate", "raw"),
    [
        (Fate.EMPTY, message(text="")),
        (Fate.EMPTY, message(text="  \n\u200b\n")),
        (Fate.AUTO, message(subject="Automatic reply: Boiler", headers=[("Auto-Submitted", "auto-replied")])),
        (Fate.AUTO, message(subject="DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA")),
        (Fate.BOUNCE, message(sender=("", "MAILER-DAEMON@mail.example"), subject="Undeliverable: Boiler")),
        (
            Fate.CALENDAR,
            message(
                text="BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR",
                headers=[("Content-Type", "text/calendar; method=REQUEST")],
            ),
        ),
        (Fate.BROKEN, b"From x Mon Jan  7 08:30:00 2019\nX-Nothing: else\n\n\xff\xfe\x00\n\n"),
    ],
)
def test_plan_leaves_out_what_nobody_wrote(fate, raw):
    plan = plan_of(message(message_id="<1@x>"), raw)

    assert [(each.number, each.fate) for each in plan.left_out] == [(2, fate)]
    assert plan.count_brought() == 1


def test_plan_a_thread_whose_opening_is_left_out_begins_with_its_first_reply():
    plan = plan_of(
        message(message_id="<1@x>", subject="Out of office", headers=[("Auto-Submitted", "auto-replied")]),
        message(message_id="<2@x>", subject="Re: Fire doors?", references=["<1@x>"], date=BEGAN + DAY),
        message(message_id="<3@x>", subject="Re: Fire doors?", references=["<1@x>"], date=BEGAN + 2 * DAY),
    )

    assert [(thread.title, len(thread.messages)) for thread in plan.threads] == [("Fire doors?", 2)]


def test_plan_does_not_thread_by_the_person_replied_to():
    wrong = [("In-Reply-To", "Message from Jane <sbm@lists.example> of Monday")]

    plan = plan_of(
        message(message_id="<1@x>", subject="Re: One", headers=wrong),
        message(message_id="<2@x>", subject="Re: Two", headers=wrong, date=BEGAN + DAY),
    )

    assert sorted(thread.title for thread in plan.threads) == ["One", "Two"]


def test_plan_kinds_follow_what_is_asked():
    plan = plan_of(
        message(message_id="<1@x>", subject="Boilers?", text="Tell me."),
        message(message_id="<2@x>", subject="Boilers", text="Who knows? Thanks", date=BEGAN + 90 * DAY),
        message(message_id="<3@x>", subject="News", text="See https://example.org/?q=1.", date=BEGAN + DAY),
    )

    assert {thread.title: thread.kind for thread in plan.threads} == {
        "Boilers?": DiscussionKind.QUESTION,
        "Boilers": DiscussionKind.QUESTION,
        "News": DiscussionKind.DISCUSSION,
    }


@pytest.mark.parametrize(
    "date", [None, "yesterday", "Mon, 01 Jan 1900 00:00:00 +0000", "Mon, 01 Jan 2093 00:00:00 +0000"]
)
def test_plan_gives_an_absurd_date_that_of_its_delivery_or_of_its_neighbour(date):
    received = [("Received", "from a by b; Tue, 08 Jan 2019 10:00:00 +0000")]

    plan = plan_of(
        message(message_id="<1@x>"),
        message(message_id="<2@x>", date=date, subject="Two", headers=received),
        message(message_id="<3@x>", date=date, subject="Three"),
    )

    found = {each.key: (each.date, each.is_redated) for each in plan.brought}
    delivered = datetime(2019, 1, 8, 10, tzinfo=UTC)
    assert found == {"<1@x>": (BEGAN, False), "<2@x>": (delivered, True), "<3@x>": (delivered, True)}


def test_plan_knows_what_is_here_and_where_it_goes_on():
    here, earlier = uuid4(), uuid4()

    plan = plan_of(
        message(message_id="<1@x>"),
        message(message_id="<2@x>", references=["<1@x>"], subject="Re: Boiler", date=BEGAN + DAY),
        message(message_id="<4@x>", references=["<3@x>"], subject="Re: Doors", date=BEGAN + DAY),
        known={"<1@x>": here, "<3@x>": earlier},
    )

    assert [(thread.discussion, [each.key for each in thread.messages]) for thread in plan.threads] == [
        (here, ["<2@x>"]),
        (earlier, ["<4@x>"]),
    ]
    assert [(each.number, each.fate) for each in plan.left_out] == [(1, Fate.KNOWN)]


def test_plan_messages_without_an_id_are_told_apart_by_what_they_say():
    one, two = message(text="One?"), message(text="Two?")

    plan = plan_of(one, two, one)

    assert plan.counts() == {"brings": 2, "twice": 1}
    assert {each.key for each in plan.brought} == {each.key for each in plan_of(two, one).brought}


@pytest.mark.parametrize(
    ("headers", "sender", "key", "name"),
    [
        ([], PEOPLE[0], "priya.raman@ladywood.example", "Priya Raman"),
        ([], ("", "Office@Harborne.example"), "office@harborne.example", "Somebody on the mailing list"),
        ([], ("dawn@kh.example", "dawn@kh.example"), "dawn@kh.example", "Somebody on the mailing list"),
        (
            [("X-Original-Sender", "dawn@kh.example")],
            ("'Dawn Okafor' via SBM", "sbm@googlegroups.com"),
            "dawn@kh.example",
            "Dawn Okafor",
        ),
        ([("Reply-To", "Dawn <dawn@kh.example>")], ("Dawn via SBM", "sbm@lists.example"), "dawn@kh.example", "Dawn"),
    ],
)
def test_plan_finds_who_wrote(headers, sender, key, name):
    plan = plan_of(message(sender=sender, headers=headers))

    assert plan.senders() == {key: name}


def test_plan_can_be_kept():
    plan = plan_of(MailingList().write(60), message(text=""), known={})

    assert Plan.from_json(plan.to_json()) == plan


def test_plan_of_what_is_no_mbox():
    with pytest.raises(NotMboxError):
        plan_of(b"%PDF-1.7\n")


def test_plan_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "large.mbox"
    padding = "\n".join("> quoted " + "x" * 60 for _ in range(2_000))
    with path.open("wb") as file:
        for number in range(100):  # 14 MB
            file.write(message(message_id=f"<{number}@x>", text=f"Hello?\n\nOn Monday, Jane wrote:\n{padding}"))
    tracemalloc.start()

    with path.open("rb") as file:
        plan = make_plan(file, known=lambda ids: {}, now=NOW)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (plan.count_brought(), peak < 6_000_000) == (100, True), peak
