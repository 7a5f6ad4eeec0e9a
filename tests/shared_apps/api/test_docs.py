"""The readable page, with the resources of the product."""

import pytest
from django.test import Client

from shared_apps.api.rest.openapi import schema_of
from tests.builders.accounts import client_of, host_of, make_account


@pytest.fixture(params=["alder", "collective", "platform"])
def place(request, alder):
    return alder if request.param == "alder" else request.param


def test_the_page_is_open_to_everybody_and_names_every_address(place):
    response = Client(headers={"host": host_of(place)}).get("/api/v1/docs/")
    page = response.content.decode()

    addresses = [
        f"<b>{method.upper()}</b> {path}"
        for path, methods in schema_of(response.wsgi_request.site_kind)["paths"].items()
        for method in methods
    ]
    assert response.status_code == 200
    assert [address for address in addresses if address not in page] == []


def test_the_page_keeps_the_strict_policy(place):
    page = Client(headers={"host": host_of(place)}).get("/api/v1/docs/")

    assert "unsafe" not in page["Content-Security-Policy"]
    assert b"<script>" not in page.content
    assert b"style=" not in page.content
    assert b"https://" not in page.content


def test_reading_it_ends_no_session(alder):
    client = client_of(make_account(alder), alder)

    client.get("/api/v1/docs/")
    client.get("/api/v1/schema/")

    assert client.get("/sign-in/")["Location"] == "/"
