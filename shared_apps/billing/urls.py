"""URLs of billing on the platform's host; they come before the operator's, one of which would take them."""

from django.urls import path

from shared_apps.billing import views

app_name = "billing"

_NETWORK = "operator/networks/<uuid:network_id>/plan/"

urlpatterns = [
    path("stripe/webhook/", views.webhook, name="webhook"),
    path(_NETWORK, views.subscription, name="subscription"),
    path(f"{_NETWORK}invoices/<uuid:invoice_id>/paid/", views.invoice_paid, name="invoice_paid"),
    path(f"{_NETWORK}invoices/<uuid:invoice_id>/withdraw/", views.invoice_withdraw, name="invoice_withdraw"),
]
