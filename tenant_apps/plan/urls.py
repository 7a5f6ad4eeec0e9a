"""Addresses of the owners' pages about the plan."""

from django.urls import path

from tenant_apps.plan import views

app_name = "plan"
urlpatterns = [
    path("manage/plan/", views.plan, name="plan"),
    path("manage/plan/card/", views.portal, name="portal"),
    path("manage/plan/change/", views.change, name="change"),
    path("manage/plan/invoices/<uuid:invoice_id>/", views.invoice, name="invoice"),
]
