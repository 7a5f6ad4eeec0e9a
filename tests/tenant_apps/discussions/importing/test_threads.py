"""Messages are gathered as the people who wrote them would."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.discussions.importing.threads import SOON, Header, base_subject, is_reply, threads

DAY = datetime(2025, 1, 6, 9, tzinfo=UTC)


def header(key: int, references: str = "", subject: str = "Boiler", *, days: float | None = None, **given) -> Header:
    """Return a message called <key>; it refers to those named."""
    ids = tuple(f"<{each}>" for each in references.split())
    date = DAY + timedelta(days=key if days is None else days)
    return Header(
        key=key, message_id=given.pop("message_id", f"<{key}>"), references=ids, subject=subject, date=date, **given
    )


def found(*headers: Header) -> list[list[int]]:
    return [[each.key for each in thread] for thread in threads(headers)]


def test_threads_follow_references():
    assert found(header(1), header(2), header(3, "1"), header(4, "1 3"), header(5, "2")) == [[1, 3, 4], [2, 5]]


def test_threads_are_held_together_by_a_missing_message():
    assert found(header(2, "1", "Re: Boiler"), header(3, "1", "Re: Boiler"), header(4, "1 9", "Re: Boiler")) == [
        [2, 3, 4]
    ]


def test_threads_break_circles():
    assert found(header(1, "2"), header(2, "1"), header(3, "3")) == [[1, 2], [3]]


def test_threads_do_not_care_for_the_order_they_come_in():
    one, two, three = header(1), header(2, "1"), header(3, "1 2")

    assert found(three, one, two) == found(one, two, three) == [[1, 2, 3]]


def test_threads_a_new_subject_begins_a_new_one_with_its_own_replies():
    headers = [
        header(1),
        header(2, "1", "Re: Boiler"),
        header(3, "1 2", "Minibus hire"),
        header(4, "1 2 3", "RE: Minibus hire"),
    ]

    assert found(*headers) == [[1, 2], [3, 4]]


def test_threads_keep_the_parts_of_a_series_together():
    assert found(header(1), header(2, "1", "[Minutes 1/2] Energy"), header(3, "1", "[Minutes 2/2] Rates")) == [
        [1, 2, 3]
    ]


def test_threads_keep_a_subject_that_was_changed_in_a_reply():
    assert found(header(1), header(2, "1", "Re: Boiler and radiators")) == [[1, 2]]


@pytest.mark.parametrize(("days", "together"), [(1, True), (SOON.days, True), (SOON.days + 1, False)])
def test_threads_a_reply_without_references_follows_its_subject_for_a_while(days, together):
    expected = [[1, 2]] if together else [[1], [2]]

    assert found(header(1, days=0), header(2, "", "RE: [SBM-Kent] boiler", days=days)) == expected


def test_threads_a_reply_to_what_was_lost_follows_its_subject():
    assert found(header(1), header(3, "2", "Re: Boiler"), header(4, "3", "Re: Boiler")) == [[1, 3, 4]]


def test_threads_the_same_subject_alone_gathers_nothing():
    assert found(header(1, "", "Agenda"), header(2, "", "Agenda")) == [[1], [2]]


def test_threads_of_outlook_follow_its_index():
    root = base64.b64encode(bytes(range(22))).decode()
    child = base64.b64encode(bytes(range(27))).decode()
    other = base64.b64encode(bytes(range(1, 23))).decode()

    assert found(
        header(1, thread_index=root),
        header(2, "", "Boiler?", thread_index=child),
        header(3, "", "x", thread_index=other),
    ) == [[1, 2], [3]]


def test_threads_of_messages_without_ids():
    assert found(
        header(1, message_id=""), header(2, message_id="", subject="Re: Boiler"), header(3, "", "x", message_id="")
    ) == [
        [1, 2],
        [3],
    ]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 12), st.lists(st.integers(0, 12), max_size=4), st.sampled_from(["a", "Re: a", "b", ""])
        ),
        max_size=14,
    )
)
def test_threads_lose_nothing_and_end(drawn):
    headers = [
        Header(key, f"<{name}>", tuple(f"<{each}>" for each in references), subject, DAY)
        for key, (name, references, subject) in enumerate(drawn)
    ]

    assert sorted(each.key for thread in threads(headers) for each in thread) == list(range(len(drawn)))


@pytest.mark.parametrize(
    ("subject", "base", "reply"),
    [
        ("Boiler", "Boiler", False),
        ("Re: Boiler", "Boiler", True),
        ("RE: FW: [sbm-kent] Boiler", "Boiler", True),
        ("[sbm-kent] Re[2]: Boiler", "Boiler", True),
        ("AW: Antw: Boiler", "Boiler", True),
        ("Fwd: Boiler", "Boiler", False),
        ("Minibus (was: Boiler)", "Minibus", False),
        ("Re:", "", True),
        ("  two\n lines ", "two lines", False),
        ("Reception class", "Reception class", False),
        ("Re-roofing the hall", "Re-roofing the hall", False),
        ("[" * 5000, "[" * 5000, False),
    ],
)
def test_base_subject_is_what_it_is_about(subject, base, reply):
    assert (base_subject(subject), is_reply(subject)) == (base, reply)
