"""An mbox is split where a message begins, and nowhere else, in little memory."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.discussions.importing.mbox import LARGEST_MESSAGE, NotMboxError, Place, places, read

SEPARATOR = b"From jane@school.example Mon Jan  6 09:00:00 2025\n"


def split(content: bytes) -> list[bytes]:
    file = io.BytesIO(content)
    return [read(file, place) for place in list(places(file))]


def test_places_are_between_the_lines_that_begin_a_message():
    content = SEPARATOR + b"Subject: One\n\nText\n\n" + SEPARATOR + b"Subject: Two\n\nMore\n"

    assert split(content) == [b"Subject: One\n\nText\n\n", b"Subject: Two\n\nMore\n"]
    assert next(places(io.BytesIO(content))) == Place(1, len(SEPARATOR), len(SEPARATOR) + 20)


@pytest.mark.parametrize(
    "text",
    [
        b"From now on we pay by invoice.\n",  # no empty line above it
        b"\nFrom now on we pay by invoice.\nAnd so on\n",  # no header below it
        b"\n>From now on\n",
    ],
)
def test_places_from_inside_a_text_begins_nothing(text):
    content = SEPARATOR + b"Subject: One\n\nHello\n" + text + b"\n" + SEPARATOR + b"Subject: Two\n\nMore\n"

    assert len(split(content)) == 2


def test_read_takes_one_mark_from_what_was_escaped():
    content = SEPARATOR + b"Subject: One\n\n>From here\n>>From there\n> From quoted\n"

    assert split(content) == [b"Subject: One\n\nFrom here\n>From there\n> From quoted\n"]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_places_of_other_writers(ending):
    lines = [b"From 1650000000000000001@xxx Thu Apr 07 09:00:00 +0000 2022", b"X-GM-THRID: 1650000000000000001"]
    content = ending.join([*lines, b"Subject: One", b"", b"Text", b"", *lines, b"Subject: Two", b"", b"More", b""])

    assert [raw.splitlines()[1] for raw in split(content)] == [b"Subject: One", b"Subject: Two"]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"Subject: One\n\nText\n", b"%PDF-1.7\nFrom x\nA: b\n", b"From x\nno header"]
)
def test_places_of_what_is_no_mbox(content):
    with pytest.raises(NotMboxError):
        list(places(io.BytesIO(content)))


@given(st.lists(st.binary(max_size=200).map(lambda text: text.replace(b"From ", b"")), min_size=1, max_size=5))
def test_places_lose_no_message(texts):
    content = b"".join(SEPARATOR + b"Subject: x\n\n" + text + b"\n\n" for text in texts)

    assert split(content) == [b"Subject: x\n\n" + text + b"\n\n" for text in texts]


def test_places_take_little_memory(tmp_path):
    path = tmp_path / "large.mbox"
    message = SEPARATOR + b"Subject: Large\n\n" + b"x" * 70 + b"\n" + b"line of text\n" * 80_000 + b"\n"
    with path.open("wb") as file:
        for _ in range(10):
            file.write(message)
    tracemalloc.start()

    with path.open("rb") as file:
        number = sum(1 for _ in places(file))

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (number, peak < 3_000_000) == (10, True)


def test_read_stops_at_the_largest():
    content = SEPARATOR + b"Subject: x\n\n" + b"y" * (LARGEST_MESSAGE + 10) + b"\n"

    assert [len(raw) for raw in split(content)] == [LARGEST_MESSAGE]
