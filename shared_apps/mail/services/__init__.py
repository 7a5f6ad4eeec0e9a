"""Queueing messages in the caller's transaction, sending them, what comes in and back, and when people want mail."""

from shared_apps.mail.services.addresses import resume_address, take_bounce, take_complaint
from shared_apps.mail.services.digests import (
    doubt_digests,
    keep_part,
    plan_digests,
    prune_digests,
    send_digest,
    set_digest,
    stop_digests,
)
from shared_apps.mail.services.notices import Notice, queue_notice
from shared_apps.mail.services.queueing import KEPT, Copy, Letter, forget_queued, queue_copies, queue_message
from shared_apps.mail.services.receiving import (
    LONGEST,
    NotTakenError,
    TooLargeError,
    UnknownAddressError,
    check_address,
    our_ids,
    prune_inbound,
    read_again,
    receive,
    settle,
)
from shared_apps.mail.services.recipients import forget_person, save_recipient
from shared_apps.mail.services.sending import DeliveryError, email_of, prune_messages, send_message

__all__ = [
    "KEPT",
    "LONGEST",
    "Copy",
    "DeliveryError",
    "Letter",
    "NotTakenError",
    "Notice",
    "TooLargeError",
    "UnknownAddressError",
    "check_address",
    "doubt_digests",
    "email_of",
    "forget_person",
    "forget_queued",
    "keep_part",
    "our_ids",
    "plan_digests",
    "prune_digests",
    "prune_inbound",
    "prune_messages",
    "queue_copies",
    "queue_message",
    "queue_notice",
    "read_again",
    "receive",
    "resume_address",
    "save_recipient",
    "send_digest",
    "send_message",
    "set_digest",
    "settle",
    "stop_digests",
    "take_bounce",
    "take_complaint",
]
