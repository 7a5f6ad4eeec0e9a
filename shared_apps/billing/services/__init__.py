"""What changes plans, invoices and how a network stands; the only writes of billing."""

from shared_apps.billing.services.invoicing import (
    BillingError,
    begin_trial,
    mark_paid,
    request_invoice,
    review,
    review_all,
    set_plan,
    set_sponsor,
    set_trial_end,
    withdraw_invoice,
)

__all__ = [
    "BillingError",
    "begin_trial",
    "mark_paid",
    "request_invoice",
    "review",
    "review_all",
    "set_plan",
    "set_sponsor",
    "set_trial_end",
    "withdraw_invoice",
]
