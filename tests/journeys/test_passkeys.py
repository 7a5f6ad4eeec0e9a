"""A passkey, from the day it is made to the day it is removed, in a browser with an authenticator of its own."""

import pytest
from playwright.sync_api import expect

from tenants.models import Network
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

EMAIL = "priya@school.example"
A_LAPTOP = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_authenticator(member: Visitor):
    """Give the browser what a laptop with a fingerprint reader has."""
    session = member.page.context.new_cdp_session(member.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": A_LAPTOP})
    return session


def sign_out(member: Visitor) -> None:
    member.go("alder", "/sign-out/")
    member.page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(member.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_signs_in_alone(person, alder: Network) -> None:
    make_member(alder, name="Priya Raman", email=EMAIL, password=PASSWORD)
    member = person()
    give_authenticator(member)

    # Given a member who signed in with her password and adds a passkey
    member.go("alder", "/sign-in/")
    member.check_page()
    member.fill(Email_address=EMAIL, Password=PASSWORD)
    member.page.get_by_role("button", name="Sign in", exact=True).click()
    member.go("alder", "/account/")
    member.follow("Set up a second step")
    member.check_page()
    member.follow("Add a passkey")
    member.check_page()
    member.page.get_by_label("Name of the passkey").fill("School laptop")
    member.press("Add the passkey")

    # Then she gets recovery codes, and finds it on her page
    expect(member.page.locator(".codes li")).to_have_count(10)
    member.check_page()
    member.follow("I have kept them")
    member.sees("School laptop")
    member.check_page()

    # When she signs in with her password, it is asked for
    sign_out(member)
    member.fill(Email_address=EMAIL, Password=PASSWORD)
    member.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(member.page.get_by_role("heading", name="One more step")).to_be_visible()
    member.check_page()
    member.press("Use your passkey")
    expect(member.page).to_have_url(member.address("alder"))

    # And it signs her in without one
    sign_out(member)
    member.press("Use a passkey")
    expect(member.page).to_have_url(member.address("alder"))

    # When she removes it, the password is enough again
    member.go("alder", "/account/security/")
    member.page.get_by_role("link", name="Remove School laptop").click()
    member.check_page()
    member.press("Remove passkey")
    expect(member.page.get_by_text("School laptop")).to_have_count(0)
    sign_out(member)
    member.fill(Email_address=EMAIL, Password=PASSWORD)
    member.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(member.page).to_have_url(member.address("alder"))
