"""Sharing into the Collective and taking back.

Every act writes the source's own mark, the shared item, the ledger and the publication in one transaction: either all
of it happened or none. `sharing` is the only app that enters the collective schema inside a network's transaction, and
it does so with the draft already made.
"""

from collective.publications.enums import Identity
from tenant_apps.sharing.services.answers import mark_away_reply, remove_received_reply, tell_author_of_return
from tenant_apps.sharing.services.items import (
    SharingRefusedError,
    approve_item,
    drafts_held_still,
    drafts_of_network,
    follow_edit,
    follow_person,
    follow_return,
    hold,
    refuse_item,
    share_item,
    take_down_item,
    withdraw_item,
)
from tenant_apps.sharing.services.moving import (
    begin_anew,
    let_go_of_all,
    note_authors,
    publications_here,
    replies_elsewhere,
    replies_here,
    withdraw_all,
)
from tenant_apps.sharing.services.policy import (
    ensure_policy,
    follow_category,
    join_collective,
    known_categories,
    leave_collective,
    tell_collective,
    update_policy,
)
from tenant_apps.sharing.services.previews import (
    MAX_REDACTION_LENGTH,
    MAX_REDACTIONS,
    Choice,
    MissingWordsError,
    NothingToShareError,
    Preview,
    author_of,
    check_cuts,
    choice_of,
    preview,
    preview_of,
    standing_choice,
)
from tenant_apps.sharing.services.reports import (
    hide_away_reply,
    hide_sent_reply,
    pass_on_decision,
    pass_on_report,
    take_in_report,
    tell_reporter,
)

__all__ = [
    "MAX_REDACTIONS",
    "MAX_REDACTION_LENGTH",
    "Choice",
    "Identity",
    "MissingWordsError",
    "NothingToShareError",
    "Preview",
    "SharingRefusedError",
    "approve_item",
    "author_of",
    "begin_anew",
    "check_cuts",
    "choice_of",
    "drafts_held_still",
    "drafts_of_network",
    "ensure_policy",
    "follow_category",
    "follow_edit",
    "follow_person",
    "follow_return",
    "hide_away_reply",
    "hide_sent_reply",
    "hold",
    "join_collective",
    "known_categories",
    "leave_collective",
    "let_go_of_all",
    "mark_away_reply",
    "note_authors",
    "pass_on_decision",
    "pass_on_report",
    "preview",
    "preview_of",
    "publications_here",
    "refuse_item",
    "remove_received_reply",
    "replies_elsewhere",
    "replies_here",
    "share_item",
    "standing_choice",
    "take_down_item",
    "take_in_report",
    "tell_author_of_return",
    "tell_collective",
    "tell_reporter",
    "update_policy",
    "withdraw_all",
    "withdraw_item",
]
