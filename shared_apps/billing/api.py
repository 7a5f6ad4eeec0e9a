"""What networks have and owe, for the operator's own systems."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.problems import ConflictError
from shared_apps.api.rest.resources import Resource, valid_body
from shared_apps.audit.services import Actor
from shared_apps.billing import selectors, services
from shared_apps.billing.enums import InvoiceState
from shared_apps.billing.models import Plan, Subscription
from shared_apps.billing.serializers import (
    InvoiceChangeSerializer,
    InvoiceSerializer,
    NewInvoiceSerializer,
    SubscriptionChangeSerializer,
    SubscriptionSerializer,
)
from shared_apps.core.finding import found_or_404

SUBSCRIPTION_METHODS = {"get": "retrieve", "patch": "partial_update"}
INVOICES_METHODS = {"post": "create"}
INVOICE_METHODS = {"get": "retrieve", "patch": "partial_update"}


class NoAnswerError(APIException):
    """Stripe could not be asked, or did not do it."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "no_answer"


class SubscriptionResource(Resource):
    """What one network has: its plan, its state, its invoices."""

    serializer_class = SubscriptionSerializer

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show a network's subscription with its invoices."""
        return Response(SubscriptionSerializer(_subscription_or_404(pk)).data)

    @extend_schema(request=SubscriptionChangeSerializer, responses=SubscriptionSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change plan, discount, end of the trial or sponsor."""
        given = valid_body(SubscriptionChangeSerializer, request)
        with _refusing():
            _change(_subscription_or_404(pk), given, by=request.actor)
        return Response(SubscriptionSerializer(_subscription_or_404(pk)).data)


class InvoicesResource(Resource):
    """Asking a network to pay."""

    serializer_class = InvoiceSerializer

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer the invoice that was issued before."""
        return Response(InvoiceSerializer(_invoice_or_404(address["pk"], made)).data)

    @extend_schema(request=NewInvoiceSerializer, responses={201: InvoiceSerializer})
    def create(self, request: Request, pk: UUID) -> Response:
        """Issue an invoice; 409 while another one is open."""
        given = valid_body(NewInvoiceSerializer, request)
        plan = _plan_or_400(given.pop("plan"))
        with _refusing():
            invoice = services.request_invoice(
                _subscription_or_404(pk), plan=plan, **given, now=timezone.now(), by=request.actor
            )
        return Response(InvoiceSerializer(invoice).data, status=201)


class InvoiceResource(Resource):
    """One invoice of a network."""

    serializer_class = InvoiceSerializer

    def retrieve(self, request: Request, pk: UUID, invoice_id: UUID) -> Response:
        """Show one invoice."""
        return Response(InvoiceSerializer(_invoice_or_404(pk, invoice_id)).data)

    @extend_schema(request=InvoiceChangeSerializer, responses=InvoiceSerializer)
    def partial_update(self, request: Request, pk: UUID, invoice_id: UUID) -> Response:
        """Say that the money came, or withdraw it; 409 when it is not open."""
        invoice = _invoice_or_404(pk, invoice_id)
        is_paid = valid_body(InvoiceChangeSerializer, request)["state"] == InvoiceState.PAID
        act = services.mark_paid if is_paid else services.withdraw_invoice
        with _refusing():
            act(invoice, now=timezone.now(), by=request.actor)
        return Response(InvoiceSerializer(_invoice_or_404(pk, invoice_id)).data)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except services.BillingError as error:
        raise ConflictError(str(error)) from error
    except services.GatewayError as error:
        raise NoAnswerError(str(error)) from error


def _change(subscription: Subscription, given: dict[str, Any], *, by: Actor) -> None:
    """Do one after another, each whole: what Stripe was told of is kept here too when the next is refused."""
    said: dict[str, Any] = {"now": timezone.now(), "by": by}
    if "trial_ends_at" in given:
        services.set_trial_end(subscription, ends_at=given["trial_ends_at"], **said)
    if "plan" in given or "discount_percent" in given:
        plan = _plan_or_400(given["plan"]) if "plan" in given else subscription.plan
        discount = given.get("discount_percent", subscription.discount_percent)
        services.set_plan(subscription, plan=plan, discount_percent=discount, **said)
    if "sponsored_until" in given:
        sponsor = {"sponsor": given["sponsor"], "until": given["sponsored_until"]}
        services.set_sponsor(subscription, **sponsor, end_card=given.get("end_card", ""), **said)


def _plan_or_400(code: str) -> Plan:
    plan = selectors.get_plan(code)
    if plan is None:
        raise ValidationError({"plan": ["There is no such plan."]})
    return plan


def _subscription_or_404(network_id: UUID) -> Subscription:
    return found_or_404(selectors.get_subscription(network_id))


def _invoice_or_404(network_id: UUID, invoice_id: UUID) -> Any:
    return found_or_404(selectors.get_invoice(_subscription_or_404(network_id), invoice_id))
