"""Primary keys: UUID version 7, which sorts by the time it was made."""

import os
import time
import uuid

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


def new_id() -> uuid.UUID:
    """Return a UUIDv7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, then 74 random bits.

    Python has none before 3.14 and PostgreSQL none before 18, so every key is made here.
    """
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    high, low = (random >> 62) & 0xFFF, random & ((1 << 62) - 1)
    return uuid.UUID(int=(milliseconds << 80) | _VERSION | (high << 64) | _VARIANT | low)


def random_id() -> uuid.UUID:
    """Return a UUIDv4, which says nothing of when it was made or what it belongs to."""
    return uuid.uuid4()
