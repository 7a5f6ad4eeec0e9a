"""What changes plans, invoices and how a network stands; the only writes of billing."""

from shared_apps.billing.gateway import ForgedEventError, GatewayError
from shared_apps.billing.services.changing import change_plan, cost_of_change, set_plan, set_trial_end
from shared_apps.billing.services.invoicing import (
    BillingError,
    begin_trial,
    hold,
    review,
    review_all,
    review_network,
)
from shared_apps.billing.services.paying import (
    end_charges,
    erase_customer,
    mark_paid,
    open_portal,
    reconcile,
    renewal_of,
    request_invoice,
    start_card,
    stop_charging,
    sync,
    take_event,
    withdraw_invoice,
)
from shared_apps.billing.services.sponsoring import CardPaysError, set_sponsor

__all__ = [
    "BillingError",
    "CardPaysError",
    "ForgedEventError",
    "GatewayError",
    "begin_trial",
    "change_plan",
    "cost_of_change",
    "end_charges",
    "erase_customer",
    "hold",
    "mark_paid",
    "open_portal",
    "reconcile",
    "renewal_of",
    "request_invoice",
    "review",
    "review_all",
    "review_network",
    "set_plan",
    "set_sponsor",
    "set_trial_end",
    "start_card",
    "stop_charging",
    "sync",
    "take_event",
    "withdraw_invoice",
]
