"""Pages of moderation: reporting, the queue, a case, the log, and what was done about one's own posts."""

from tenant_apps.moderation.views.own import mine, own_act
from tenant_apps.moderation.views.queue import appeal, case, log, queue, take_back
from tenant_apps.moderation.views.reports import report

__all__ = ["appeal", "case", "log", "mine", "own_act", "queue", "report", "take_back"]
