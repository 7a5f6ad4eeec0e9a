"""Work that happens after the answer: queued in the caller's transaction, run in the network it was queued for."""
