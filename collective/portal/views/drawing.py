"""What the portal's components draw: publications as plain values, an anonymous one without its network."""

from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from collective.portal import selectors
from collective.portal.selectors import Result
from collective.publications.drafts import CUT
from collective.publications.enums import PublicationKind
from collective.publications.models import Publication, PublicationReply
from shared_apps.core.markdown import render_markdown
from shared_apps.core.when import long_day


def hit(result: Result) -> dict:
    """What components/search_hit.html draws; an anonymous publication shows no network."""
    publication = result.publication
    kind, state, icon = kind_words(publication)
    return {
        "url": reverse("portal:publication_detail", args=[publication.id]),
        "title": result.title,
        "text": _with_cuts(result.text),
        "kind": kind,
        "kind_state": state,
        "kind_icon": icon,
        "origin": publication.shown_network or publication.shown_region,
        "colour": publication.origin.colour if publication.shown_network else "",
        "answer": _with_cuts(result.answer),
        "meta": _meta(publication),
        "stars": _stars(publication),
    }


def kind_words(publication: Publication) -> tuple[str, str, str]:
    """Return what kind it is in words, and the badge and icon that say so."""
    if publication.kind == PublicationKind.RECOMMENDATION:
        return "Recommendation", "note", "patch-check"
    if publication.kind == PublicationKind.DISCUSSION:
        return "Discussion", "plain", "chat-dots"
    if publication.is_answered:
        return "Answered question", "good", "check-circle-fill"
    return "Question", "plain", "question-circle"


def _with_cuts(text: str) -> SafeString:
    """Draw the cuts in a passage, which is plain or safe HTML, as they are drawn in the whole text."""
    return mark_safe(conditional_escape(text).replace(CUT, '<span class="cut">removed</span>'))  # noqa: S308 - escaped


def _meta(publication: Publication) -> list[str]:
    replies = publication.shown_replies
    count = f"{replies} {'reply' if replies == 1 else 'replies'}" if replies else ""
    day = long_day(timezone.localdate(publication.shown_at), timezone.localdate())
    parts = (selectors.shown_author(publication), publication.supplier_name, publication.category, day, count)
    return [part for part in parts if part]


def _stars(publication: Publication) -> float | None:
    marks = [mark for mark in (publication.response, publication.quality, publication.value) if mark]
    return round(sum(marks) / len(marks), 1) if marks else None


def supplier_card(row: dict) -> dict:
    """What components/supplier_card.html draws."""
    return {
        "url": reverse("portal:supplier_detail", args=[row["supplier_key"]]),
        "name": row["supplier"],
        "mean": selectors.mean_of(row),
        "recommend": row["would_use_again_count"],
        "categories": [row["subject"]] if row["subject"] else [],
        "line": f"in {row['networks']} networks" if row["networks"] > 1 else "",
    }


def recommendation(publication: Publication) -> dict:
    """What components/recommendation.html draws."""
    return {
        "who": publication.shown_name or publication.shown_role or "A member of another network",
        "line": ", ".join(
            filter(None, (publication.shown_name and publication.shown_role, publication.phase, publication.size))
        ),
        "origin": publication.shown_network or publication.shown_region,
        "colour": publication.origin.colour if publication.shown_network else "",
        "at": publication.shown_when,
        "text": render_markdown(publication.body),
        "marks": [
            ("Response", publication.response),
            ("Quality", publication.quality),
            ("Value", publication.value),
        ],
        "again": publication.would_use_again,
    }


def reply_url(reply: PublicationReply) -> str:
    """Return the address of a reply on its publication's page."""
    return f"{reverse('portal:publication_detail', args=[reply.publication_id])}#reply-{reply.id}"
