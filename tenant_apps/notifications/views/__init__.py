"""Pages: the inbox, the number on its bell, preferences, and the links of emails."""

from tenant_apps.notifications.views.inbox import inbox, inbox_count, inbox_seen
from tenant_apps.notifications.views.preferences import address_resume, preferences
from tenant_apps.notifications.views.unsubscribing import unsubscribe

__all__ = ["address_resume", "inbox", "inbox_count", "inbox_seen", "preferences", "unsubscribe"]
