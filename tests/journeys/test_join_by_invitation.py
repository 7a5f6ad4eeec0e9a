"""A person who was invited proves their address, finds their school and becomes a member, in a browser."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from shared_apps.schools.services.vocabulary import refresh_words
from tenant_apps.members.services import invite_member
from tenants.context import in_network, in_public
from tenants.models import Network
from tests.builders.emails import code_in
from tests.builders.members import make_member
from tests.builders.schools import make_school
from tests.journeys.visitors import PASSWORD, Visitor, last_mail, link_in, run_jobs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

EMAIL = "amina.begum@sparkbrook.example"


@pytest.fixture
def _invitation(alder: Network, live_port: int) -> None:
    organiser = make_member(alder, name="Helen Marsh", role="owner", password=PASSWORD)
    with in_network(alder):
        invite_member(email=EMAIL, by=organiser)
    run_jobs()


@pytest.fixture
def _register(db: None) -> None:
    with in_public(), transaction.atomic():
        make_school("Sparkbrook Infant School", postcode="B11 1AA")
        make_school("Stirchley Primary School", postcode="B30 2JL")
        refresh_words()


def prove_address(guest: Visitor, alder: Network) -> None:
    """Ask for a code, type a wrong one, then the one that came."""
    guest.press("Email me a code")
    guest.check_page()
    guest.fill(Code="WRONG-CODE")
    guest.press("Go on")
    guest.is_refused("That is not the code in the newest email")
    guest.check_page()
    run_jobs()
    guest.fill(Code=code_in(last_mail(EMAIL, alder).text))
    guest.press("Go on")


def find_school(guest: Visitor) -> None:
    """Look for one that is not there, then for one with a typing mistake."""
    guest.check_page()
    guest.page.get_by_role("searchbox").fill("zzqx")
    guest.press("Search")
    guest.sees("No school found")
    guest.check_page()
    guest.page.get_by_role("searchbox").fill("sparkbrok infants")
    guest.press("Search")
    guest.sees("Birmingham B11 1AA")
    guest.check_page()
    guest.follow("Sparkbrook Infant School")


@pytest.mark.usefixtures("_invitation", "_register")
def test_an_invited_person_becomes_a_member(person, alder: Network) -> None:
    guest = person()

    # Given an invitation, whose link says who invites to what and changes nothing yet
    link = link_in(last_mail(EMAIL, alder), "/join/")
    guest.page.goto(link)
    guest.sees("Helen Marsh invites you as member.")
    guest.check_page()

    # When she shows that the address is hers, finds her school and gives her details
    prove_address(guest, alder)
    find_school(guest)
    guest.check_page()
    guest.fill(Your_name="Amina Begum", Job_title="School business manager", Password="short")
    guest.press("Join Alder SBM Network")
    guest.is_refused("at least 10 characters")
    guest.check_page()
    guest.fill(Password="breakfast stapler heron")
    guest.press("Join Alder SBM Network")

    # Then she is in, and others find her by her school
    guest.sees("Welcome, Amina Begum.")
    guest.check_page()
    guest.follow("Members")
    guest.page.get_by_role("searchbox").last.fill("sparkbrook")
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_role("row", name="Amina Begum")).to_contain_text("Sparkbrook Infant School")
    guest.check_page()
    guest.follow("Amina Begum")
    guest.check_page()

    # And the link is used up for everybody else
    other = person()
    other.page.goto(link)
    other.sees("This link does not work")
    other.said.clear()  # the browser reports the 404 itself
    other.check_page()
