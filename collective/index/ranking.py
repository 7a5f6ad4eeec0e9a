"""The science of the ranking: exact BM25 over a bounded number of candidates.

Score of document D for query Q (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
2009, formulas 3.15 and 3.18; the idf is Lucene's, which is never negative):

    score(D, Q) = sum over terms t of  idf(t) * qtf(t) * f / (f + K1 * (1 - B + B * length(D) / mean length))
    idf(t)      = ln(1 + (N - n + 0.5) / (n + 0.5))      N documents, n of them with t
    qtf(t)      = q * (K3 + 1) / (q + K3)                q times in the query
    f           = TITLE_WEIGHT * f in the title + f elsewhere     (BM25F with one length: the sum of all f)

Candidates. Each document stores a term in one of eight bands, by how much the term is worth in that document
(f / (f + norm) for a document of REFERENCE_LENGTH). How many documents each band holds is known beforehand, so the best
bands of the rarest terms can be chosen within a budget, whatever the number of hits (Anh and Moffat, "Pruned query
evaluation using pre-computed impacts", 2006). Documents that have two common terms in middling bands are brought in by
pairs of terms. The index then answers each part at the cost of what is taken, and only that is scored, exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log

from collective.index.text import BANDS

K1, B, K3 = 1.2, 0.75, 8.0
TITLE_WEIGHT = 2
PHRASE_FACTOR = 1.2
"""What a document gains that has a phrase stressed in a sentence."""
REFERENCE_LENGTH = 150
MAX_TERMS = 32
"""Terms of a query that are ranked by: the most telling."""
MAX_FREQUENCY = 32_767

BUDGET = 2_000
PAIR_BUDGET = 300
MAX_PAIRS = 10
ENOUGH = 1_500
"""When the bands chosen hold fewer documents, some of the next band fill up the last pages."""

Tokens = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the query: its token, what it weighs, and in how many documents it stands in each band."""

    token: int
    weight: float
    bands: Mapping[int, int]

    @property
    def documents(self) -> int:
        """Return how many documents have the term."""
        return sum(self.bands.values())

    def documents_from(self, lowest: int) -> int:
        """Return how many documents have the term in this band or a higher one."""
        return sum(count for band, count in self.bands.items() if band >= lowest)

    def tokens_from(self, lowest: int = 0) -> Tokens:
        """Return what the index knows the term by in this band and higher ones."""
        return tuple(self.token + band for band in sorted(self.bands) if band >= lowest)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which documents to score: those with, for one clause, a token of each of its groups.

    Without clauses every document is scored. `tail` holds tokens of which any `tail_size` documents will do. A
    complete plan takes every document that has a term.
    """

    clauses: tuple[tuple[Tokens, ...], ...] = ()
    tail: Tokens = ()
    tail_size: int = 0
    is_complete: bool = True


def band(frequency: int, length: int) -> int:
    """Return the band, 0 to 7, of a term that stands `frequency` times in a document of `length`."""
    norm = K1 * (1 - B + B * length / REFERENCE_LENGTH)
    return min(BANDS - 1, int(BANDS * frequency / (frequency + norm)))


def weight(times: int, documents: int, all_documents: int) -> float:
    """Return idf times qtf of a term that the query has `times` times."""
    idf = log(1 + max(0.0, all_documents - documents + 0.5) / (documents + 0.5))
    return idf * times * (K3 + 1) / (times + K3)


def most_telling(terms: Iterable[Term]) -> list[Term]:
    """Return the terms that weigh most, at most MAX_TERMS of them."""
    return sorted(terms, key=lambda term: (-term.weight, term.token))[:MAX_TERMS]


def plan_candidates(terms: Sequence[Term], all_documents: int, *, budget: int = BUDGET) -> Plan:
    """Return the plan that takes about `budget` documents, the most promising."""
    if all_documents <= budget:
        return Plan()
    if sum(term.documents for term in terms) <= budget:
        return Plan(tuple((term.tokens_from(),) for term in terms))
    lowest, refused, left = _best_bands(terms, budget)
    taken = [term for term in terms if term.token in lowest]
    singles: list[tuple[Tokens, ...]] = [(term.tokens_from(lowest[term.token]),) for term in taken]
    partial = [term for term in terms if lowest.get(term.token, BANDS) > min(term.bands)]
    missing = max(0, ENOUGH - (budget - left))
    clauses = (*singles, *_pairs(partial, all_documents))
    return Plan(clauses, tail=refused if missing else (), tail_size=missing, is_complete=False)


def plan_required(groups: Sequence[Term]) -> Plan:
    """Return the plan that takes the documents which have every one of these terms."""
    return Plan((tuple(term.tokens_from() for term in groups),))


def _best_bands(terms: Sequence[Term], budget: int) -> tuple[dict[int, int], Tokens, int]:
    """Return the lowest band taken of each term, the first token that did not fit, and what the budget has left.

    Bands come in the order of the most they can add to a score; after one that does not fit, no lower one of its term.
    """
    lowest: dict[int, int] = {}
    refused: dict[int, int] = {}
    by_gain = sorted(((term, each) for term in terms for each in term.bands), key=_most_gained, reverse=True)
    for term, each in by_gain:
        if term.token not in refused and term.bands[each] <= budget:
            budget -= term.bands[each]
            lowest[term.token] = each
        else:
            refused.setdefault(term.token, term.token + each)
    return lowest, tuple(refused.values())[:1], budget


def _most_gained(term_and_band: tuple[Term, int]) -> tuple[float, int]:
    term, each = term_and_band
    return term.weight * (each + 1), term.token


def _pairs(terms: Sequence[Term], all_documents: int) -> list[tuple[Tokens, Tokens]]:
    """Return the weightiest pairs of terms, each from the lowest band at which it is expected within PAIR_BUDGET."""
    heaviest = sorted(combinations(terms, 2), key=lambda pair: -(pair[0].weight + pair[1].weight))[:MAX_PAIRS]
    found = [_pair(first, second, all_documents) for first, second in heaviest]
    return [pair for pair in found if all(pair)]


def _pair(first: Term, second: Term, all_documents: int) -> tuple[Tokens, Tokens]:
    for lowest in range(BANDS):
        expected = first.documents_from(lowest) * second.documents_from(lowest) / max(1, all_documents)
        if expected <= PAIR_BUDGET:
            break
    return first.tokens_from(lowest), second.tokens_from(lowest)
