"""Reporting, deciding, taking back and appealing; each act is one transaction, and only these change rows."""

from tenant_apps.moderation.limits import LimitError, check_limits, is_new
from tenant_apps.moderation.services.appeals import appeal, decide_appeal
from tenant_apps.moderation.services.decisions import decide, enter_act, take_back
from tenant_apps.moderation.services.errors import MissingWordsError, ModerationError, NotAllowedError
from tenant_apps.moderation.services.reports import MAX_WORDS, report, take_in_report
from tenant_apps.moderation.services.telling import tell_moderators

__all__ = [
    "MAX_WORDS",
    "LimitError",
    "MissingWordsError",
    "ModerationError",
    "NotAllowedError",
    "appeal",
    "check_limits",
    "decide",
    "decide_appeal",
    "enter_act",
    "is_new",
    "report",
    "take_back",
    "take_in_report",
    "tell_moderators",
]
