"""Pages of sharing: the exact preview, withdrawing, the ledger and the policy."""

from tenant_apps.sharing.views.ledger import ledger, source
from tenant_apps.sharing.views.manage import decide, manage
from tenant_apps.sharing.views.share import share, withdraw

__all__ = ["decide", "ledger", "manage", "share", "source", "withdraw"]
