"""Taking a network out whole, and bringing one back beside those that live."""

from tenant_apps.portability.services.exporting import Exported, OldReleaseError, Progress, export_network
from tenant_apps.portability.services.restoring import Restored, RestoreRefusedError, plan_restore, restore_network

__all__ = [
    "Exported",
    "OldReleaseError",
    "Progress",
    "RestoreRefusedError",
    "Restored",
    "export_network",
    "plan_restore",
    "restore_network",
]
