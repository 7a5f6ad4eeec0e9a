"""One account on several sites: signed in by an emailed code once, moved, turned dark, signed out everywhere."""

import re

import pytest
from playwright.sync_api import expect

from tenants.models import Network
from tests.builders.emails import code_in
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD, Visitor, last_mail, run_jobs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

EMAIL = "priya@school.example"


@pytest.fixture
def _member_of_both(alder: Network, birch: Network) -> None:
    for network in (alder, birch):
        make_member(network, name="Priya Raman", email=EMAIL, password=PASSWORD)


def sign_in_by_code(member: Visitor, alder: Network) -> None:
    """Mistype the password, then ask for a code instead."""
    member.go("alder", "/sign-in/")
    member.check_page()
    member.fill(Email_address=EMAIL, Password="mistyped")
    member.page.get_by_role("button", name="Sign in", exact=True).click()
    member.is_refused("The email address or the password is wrong")
    member.check_page()
    member.press("Email me a code")
    member.sees("Type your code")
    member.check_page()
    run_jobs()
    member.fill(Code=code_in(last_mail(EMAIL, alder).text))
    member.press("Go on")
    member.sees(re.compile("Good (morning|afternoon|evening), Priya"))
    member.check_page()


def open_menu(member: Visitor, name: str) -> None:
    member.page.locator("summary", has_text=name).first.click()


def make_and_revoke_token(member: Visitor) -> None:
    member.page.get_by_label("What is the new token for?").fill("Finance system")
    member.press("Make a token")
    expect(member.page.get_by_label("Token", exact=True)).to_have_value(re.compile("^sbm_"))
    member.check_page()
    member.follow("I have copied it")
    member.sees("Finance system")
    member.check_page()
    member.page.get_by_role("link", name="Revoke").click()
    member.check_page()
    member.press("Revoke token")
    expect(member.page.get_by_role("row", name="Finance system")).to_have_count(0)


def sign_in_with_google(member: Visitor) -> None:
    """From a network's host to the platform's, to Google, and back."""
    member.go("alder", "/sign-in/?next=/account/")
    member.follow("Sign in with Google")
    member.sees("Then you go on to Alder SBM Network.")
    member.check_page()
    member.press("Go on to Google")
    member.fill(Email_address=EMAIL)
    member.press("Sign in")
    expect(member.page).to_have_url(member.address("alder", "/account/"))


@pytest.mark.usefixtures("_member_of_both")
def test_one_sign_in_leads_everywhere(person, providers, alder: Network) -> None:
    member = person()

    # Given a member of two networks who signs in on one of them with an emailed code
    sign_in_by_code(member, alder)

    # When she switches to the other, and to the Collective
    open_menu(member, "Switch network")
    member.check_page()
    member.page.get_by_role("link", name="Birch Bursars").click()

    # Then nobody asks who she is
    expect(member.page).to_have_url(member.address("birch"))
    member.sees(re.compile("Good (morning|afternoon|evening), Priya"))
    member.follow("The Collective")
    expect(member.page.get_by_role("heading", name="Search the Collective")).to_have_count(1)
    member.check_page()
    member.go("collective", "/switch/")
    member.sees("You are here")
    member.check_page()

    # When she signs in with Google on another computer
    elsewhere = person()
    sign_in_with_google(elsewhere)

    # Then she is signed in there too, and finds it on her account
    elsewhere.follow("Link an account, or remove one")
    elsewhere.sees(EMAIL)
    elsewhere.check_page()


@pytest.mark.usefixtures("_member_of_both")
def test_an_account_is_dark_and_signed_out_everywhere(person) -> None:
    member = person()
    member.sign_in("alder", EMAIL)
    member.sign_in("birch", EMAIL)

    # Given her account page, where she chooses dark
    open_menu(member, "Your account")
    member.follow("Your account")
    member.check_page()
    member.page.get_by_label("Dark").check()
    member.press("Save choice")
    expect(member.page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    member.check_page()
    make_and_revoke_token(member)

    # Then the other site is dark too
    member.go("alder")
    expect(member.page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    member.check_page()

    # When she signs out everywhere
    member.go("alder", "/account/")
    member.follow("Sign out everywhere")
    member.check_page()
    member.press("Sign out everywhere")
    member.sees("Sign in")

    # Then every site asks who she is
    for host in ("alder", "birch"):
        member.go(host)
        expect(member.page.get_by_role("heading", name="Sign in")).to_be_visible()
