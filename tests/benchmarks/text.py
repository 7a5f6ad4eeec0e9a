"""Text like the demonstration's, as much as is wanted and the same each time.

Words are drawn by Zipf's law: the demonstration's own by how often they stand there, then words made from their
beginnings and ends, so that a large collection has as many rare words as a real one.
"""

import random
import re
from collections import Counter
from itertools import accumulate

from config import demo

VOCABULARY = 30_000
EXPONENT, SHIFT = 1.07, 2.7  # of Zipf and Mandelbrot, as English text has them
_WORD = re.compile(r"[A-Za-z][a-z]+(?:-[a-z]+)?")


class Text:
    """A writer; two with the same seed write the same."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.words = vocabulary(random.Random(1))
        self.weights = list(accumulate(1 / (rank + SHIFT) ** EXPONENT for rank in range(1, len(self.words) + 1)))

    def drawn(self, number: int) -> list[str]:
        """Return words as they come."""
        return self.chance.choices(self.words, cum_weights=self.weights, k=number)

    def sentence(self, mark: str = ".") -> str:
        """Return a sentence of 6 to 18 words."""
        words = self.drawn(self.chance.randint(6, 18))
        if len(words) > 10:
            words[5] += ","
        return " ".join(words).capitalize() + mark

    def title(self) -> str:
        """Return a question of 4 to 9 words."""
        return " ".join(self.drawn(self.chance.randint(4, 9))).capitalize() + "?"

    def body(self, sentences: int = 7) -> str:
        """Return a text of about twelve words a sentence, in Markdown: paragraphs, now and then a list or stress."""
        said = [self.sentence() for _ in range(sentences)]
        kind = self.chance.random()
        if kind < 0.15:
            return "\n\n".join([said[0], "\n".join(f"- {each}" for each in said[1:])])
        if kind < 0.3:
            said[0] = f"**{said[0]}**"
        return "\n\n".join([" ".join(said[: sentences // 2]), " ".join(said[sentences // 2 :])])


def vocabulary(chance: random.Random) -> list[str]:
    """Return words, the most frequent first."""
    said = [text for row in demo.discussions() for text in (row["title"], row["body"], *_replies(row))]
    own = Counter(word.lower() for text in said for word in _WORD.findall(text))
    words = dict.fromkeys(word for word, _ in own.most_common())
    parts = [word for word in words if len(word) > 5]
    while len(words) < VOCABULARY:
        start, end = chance.choice(parts), chance.choice(parts)
        words[start[: chance.randint(3, 5)] + end[-chance.randint(3, 5) :].lstrip("-")] = None
    return list(words)


def _replies(row: demo.Row) -> list[str]:
    return [reply["body"] for reply in [*row["replies"], *row.get("share", {}).get("replies", [])]]
