"""Words that give away where a text came from, and whether it was ever meant to leave.

A canary is `canary-<network>-<zone><what>`. Zones: `kept` never leaves its network; `cut` stands in something shared,
but was cut by its author; `shared` was shared under the network's name. What is shared anonymously says `nobody`.
"""

import re

KEPT, CUT, SHARED = "kept", "cut", "shared"


def canary(network: str, zone: str, what: str) -> str:
    """Return the canary of one text."""
    return f"canary-{network}-{zone}{what}"


def anonymous(number: int, what: str) -> str:
    """Return the canary of a text whose network nobody is to know; the number stands for it."""
    return f"canary-nobody{number}-{what}"


def private_words(network: str) -> re.Pattern[str]:
    """Match what must never be seen outside a network, also where a page or a search index splits words."""
    return re.compile(rf"canary[-\s_]?{network}[-\s_]?(?:{KEPT}|{CUT})\w*", re.IGNORECASE)


def all_words(network: str) -> re.Pattern[str]:
    """Match everything that names a network's content, shared or not."""
    return re.compile(rf"canary[-\s_]?{network}[-\s_]?\w+", re.IGNORECASE)
