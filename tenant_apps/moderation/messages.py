"""The words of the emails about reports and what became of them: values of the template mail/notice."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from shared_apps.core.markdown import excerpt
from tenant_apps.moderation.enums import ActKind
from tenant_apps.moderation.models import Act, Appeal, Case

TO_MODERATORS = "You get this because you moderate this network."
TO_AUTHOR = "You get this because it is about something you wrote."
TO_REPORTER = "You get this because you reported it."
_LONGEST_QUOTE = 600

_TO_AUTHOR = {
    ActKind.LEFT: (
        "A report about what you wrote",
        "Somebody reported it. The moderators looked and left it as it is.",
    ),
    ActKind.HIDDEN: ("What you wrote was hidden", "A moderator has hidden it. Nobody else in the network sees it now."),
    ActKind.EDIT_ASKED: ("Please edit what you wrote", "A moderator asks you to change it."),
    ActKind.WARNED: (
        "A warning about what you wrote",
        "A moderator warns you. If it happens again you may be suspended.",
    ),
    ActKind.SHOWN: ("What you wrote can be seen again", "A moderator has put it back."),
    ActKind.LIFTED: ("You can write again", "A moderator has lifted your suspension."),
    ActKind.TAKEN_BACK: ("A moderator’s decision was taken back", "What they decided about this no longer counts."),
}
_ENDED = {
    ActKind.LEFT: "The moderators looked at it and left it as it is.",
    ActKind.HIDDEN: "The moderators have hidden it.",
    ActKind.EDIT_ASKED: "The moderators have asked the author to change it.",
    ActKind.WARNED: "The moderators have spoken to the author.",
    ActKind.SUSPENDED: "The moderators have acted on it.",
    ActKind.SHOWN: "The moderators had hidden it, and let it be seen again.",
    ActKind.LIFTED: "The moderators have taken back what they did.",
    ActKind.TAKEN_BACK: "The moderators have taken back what they decided.",
}


def to_author(act: Act, *, can_appeal: bool) -> tuple[str, dict[str, Any]]:
    """Return the subject and the values of the email that tells an author what was done, and why."""
    subject, first = _TO_AUTHOR.get(ActKind(act.kind), ("", ""))
    if act.kind == ActKind.SUSPENDED:
        subject, first = "You cannot write for now", suspended(act.until)
    after = ["If you think this is wrong, you can appeal once; another moderator decides."] if can_appeal else []
    return subject, {
        "heading": subject,
        "paragraphs": [first, f"It is about “{act.case.title}”.", f"The moderator’s reason: {act.reason}"],
        "action_label": "See what was done" if not can_appeal else "See it, or appeal",
        "after": after,
        "reason": TO_AUTHOR,
    }


def suspended(until: datetime | None) -> str:
    """Return what somebody reads who may not write."""
    if until is None:
        return "You can read everything, and cannot write until a moderator lifts this."
    return f"You can read everything, and cannot write until {timezone.localtime(until):%-d %B %Y, %H:%M}."


def ended(outcome: str) -> str:
    """Return how a report ended, as its reporter and the other network read it."""
    return _ENDED.get(ActKind(outcome), "The moderators have looked at it.") if outcome else ""


def to_reporter(title: str, outcome: str) -> tuple[str, dict[str, Any]]:
    """Return the subject and the values of the email that tells a reporter how it ended."""
    return "What became of your report", {
        "heading": "What became of your report",
        "paragraphs": [f"You reported “{title}”.", ended(outcome), "Thank you for looking after the network."],
        "action_label": "See your reports",
        "reason": TO_REPORTER,
    }


def to_moderators(cases: list[Case]) -> tuple[str, dict[str, Any]]:
    """Return the subject and the values of the email about new cases; several are one email."""
    one = len(cases) == 1
    subject = "Something was reported" if one else f"{len(cases)} things were reported"
    return subject, {
        "heading": subject,
        "paragraphs": [case.title for case in cases[:10]],
        **({"quote": excerpt(cases[0].text, _LONGEST_QUOTE)} if one and cases[0].text else {}),
        "action_label": "Look and decide",
        "after": ["You get at most one of these an hour."],
        "reason": TO_MODERATORS,
    }


def appeal_to_moderators(appeal: Appeal) -> tuple[str, dict[str, Any]]:
    """Return the subject and the values of the email about an appeal."""
    return "Somebody appeals", {
        "heading": "Somebody appeals against what a moderator did",
        "paragraphs": [f"{appeal.act.get_kind_display()}: “{appeal.act.case.title}”."],
        "quote": excerpt(appeal.words, _LONGEST_QUOTE),
        "action_label": "Look and decide",
        "reason": TO_MODERATORS,
    }


def appeal_decided(appeal: Appeal, *, for_author: bool) -> tuple[str, dict[str, Any]]:
    """Return the subject and the values of the email that says how an appeal ended."""
    whose = "Your appeal" if for_author else "The appeal against what you did"
    said = "was granted: it was taken back" if appeal.is_granted else "was refused: it stays"
    return "How the appeal ended", {
        "heading": "How the appeal ended",
        "paragraphs": [
            f"{whose} about “{appeal.act.case.title}” {said}.",
            f"The moderator’s reason: {appeal.reason}",
        ],
        "action_label": "See it",
        "reason": TO_AUTHOR if for_author else TO_MODERATORS,
    }
