"""Taking a network out whole, and bringing one back beside those that live."""

from tenant_apps.portability.archive import ArchiveBusyError, Progress
from tenant_apps.portability.services.exporting import Exported, OldReleaseError, export_network
from tenant_apps.portability.services.owning import (
    ExportGoneError,
    NotAllowedError,
    ask_for_export,
    open_export,
    remove_export,
    sweep_exports,
    write_export,
)
from tenant_apps.portability.services.restoring import Restored, RestoreRefusedError, plan_restore, restore_network
from tenant_apps.portability.services.returning import (
    ChangedMeanwhileError,
    Choice,
    Comparison,
    ReturnRefusedError,
    Wanted,
    compare,
    merge_back,
    merge_back_as_allowed,
    note_for_owners,
)

__all__ = [
    "ArchiveBusyError",
    "ChangedMeanwhileError",
    "Choice",
    "Comparison",
    "ExportGoneError",
    "Exported",
    "NotAllowedError",
    "OldReleaseError",
    "Progress",
    "RestoreRefusedError",
    "Restored",
    "ReturnRefusedError",
    "Wanted",
    "ask_for_export",
    "compare",
    "export_network",
    "merge_back",
    "merge_back_as_allowed",
    "note_for_owners",
    "open_export",
    "plan_restore",
    "remove_export",
    "restore_network",
    "sweep_exports",
    "write_export",
]
