"""An organiser looks after a network: members, roles, colour and words, categories, and what may leave."""

import re

import pytest
from playwright.sync_api import expect

from tenants.models import Network
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD, Visitor, last_mail, link_in, run_jobs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

QUESTION = "Which clauses of your cover insurance caught you out?"


@pytest.fixture
def helen(alder: Network):
    return make_member(alder, name="Helen Marsh", role="owner", password=PASSWORD, school="Cannon Hill Primary School")


@pytest.fixture
def rob(alder: Network):
    return make_member(alder, name="Rob Casey", password=PASSWORD, school="Hill West Trust")


def choose(organiser: Visitor, name: str, action: str) -> None:
    """Open the menu of a row and take one of its actions."""
    row = organiser.page.get_by_role("row", name=name)
    row.locator("summary").click()
    row.get_by_text(action).click()


def change(organiser: Visitor, name: str) -> None:
    """Open the page that changes a member."""
    organiser.page.get_by_role("row", name=name).get_by_role("link", name="Change").click()


def test_members_are_invited_promoted_removed_and_let_back_in(person, alder: Network, helen, rob) -> None:
    organiser = person()

    # Given an organiser who pastes addresses, one of them mistyped
    organiser.sign_in("alder", helen.email)
    organiser.follow("Organise")
    organiser.check_page()
    organiser.follow("Invite members")
    organiser.check_page()
    organiser.fill(Email_addresses="Amina Begum <amina@sparkbrook.example>\nsam.doyle(at)oaktree.example")
    organiser.press("Send invitations")
    organiser.sees("1 invitation is on the way.")
    organiser.is_refused("Line 2")
    organiser.check_page()

    # When she mends the line that stayed in the box
    expect(organiser.page.get_by_label("Email addresses")).to_have_value("sam.doyle(at)oaktree.example")
    organiser.fill(Email_addresses="sam.doyle@oaktree.example")
    organiser.press("Send invitations")

    # Then both wait for an answer, and one can be taken back
    organiser.sees("amina@sparkbrook.example")
    organiser.sees("sam.doyle@oaktree.example")
    organiser.check_page()
    choose(organiser, "sam.doyle@oaktree.example", "Take it back")
    organiser.sees("The invitation to sam.doyle@oaktree.example no longer works.")
    run_jobs()
    guest = person()
    guest.page.goto(link_in(last_mail("sam.doyle@oaktree.example", alder), "/join/"))
    guest.sees("This link does not work")

    # And a member becomes a moderator, after what that means
    change(organiser, "Rob Casey")
    organiser.check_page()
    organiser.page.get_by_label("Moderator").check()
    organiser.press("Go on")
    organiser.sees("Make Rob Casey a moderator?")
    organiser.check_page()
    organiser.press("Make Rob a moderator")
    organiser.sees("Rob Casey is now a moderator.")

    # And is removed, which ends his way in, and let back in with the message's own button
    change(organiser, "Rob Casey")
    organiser.follow("Remove Rob Casey")
    organiser.sees("Remove Rob Casey from this network?")
    organiser.check_page()
    organiser.press("Remove Rob")
    organiser.sees("Rob Casey is removed and can no longer enter.")
    organiser.check_page()
    organiser.press("Undo")
    organiser.sees("Rob Casey is a member again.")
    rob_there = person()
    rob_there.sign_in("alder", rob.email)
    rob_there.sees("Rob")


def test_a_network_gets_its_colour_words_and_categories(person, alder: Network, helen) -> None:
    organiser = person()
    organiser.sign_in("alder", helen.email)

    # Given a colour that is looked at before it is saved
    organiser.go("alder", "/manage/branding/")
    organiser.check_page()
    organiser.page.get_by_label("Colour", exact=True).fill("#ffd400")
    organiser.fill(One_line_about_the_network="Forty schools between two canals.")
    organiser.press("Show it first")
    organiser.check_page()

    # When it is saved
    organiser.press("Save colour and welcome")
    organiser.sees("saved")
    organiser.check_page()

    # Then a visitor sees both
    visitor = person()
    visitor.go("alder", "/sign-in/")
    visitor.sees("Forty schools between two canals.")
    assert (
        visitor.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--network')") == "#ffd400"
    )
    visitor.check_page()

    # And a category is added and offered to who asks
    organiser.go("alder", "/manage/categories/")
    organiser.check_page()
    organiser.page.get_by_label("Name").fill("Lettings")
    organiser.press("Add category")
    organiser.check_page()
    organiser.go("alder", "/discussions/new/")
    organiser.page.get_by_label("Category").select_option("Lettings")


def test_what_leaves_waits_for_an_organiser(person, alder: Network, birch: Network, helen, rob) -> None:
    martin = make_member(birch, name="Martin Bayliss", password=PASSWORD)
    organiser, sharer, reader = person(), person(), person()

    # Given an organiser who checks first
    organiser.sign_in("alder", helen.email)
    organiser.go("alder", "/manage/sharing/")
    organiser.check_page()
    organiser.page.get_by_label("An organiser checks first").check()
    organiser.press("Save policy")
    organiser.check_page()

    # When a member shares a question
    sharer.sign_in("alder", rob.email)
    sharer.go("alder", "/discussions/new/")
    sharer.fill(Title=QUESTION, More_about_it="Ours did not cover waiting days.")
    sharer.page.get_by_label("Category").select_option("Insurance")
    sharer.press("Post")
    sharer.go("alder", f"{sharer.page.url.split(str(sharer.port))[1]}share/")
    sharer.check_page()
    sharer.page.get_by_role("button", name=re.compile("^Share|^Ask")).click()
    sharer.sees(re.compile("Waiting|organiser"))
    sharer.check_page()

    # Then nobody else sees it until it is approved
    reader.sign_in("birch", martin.email)
    reader.follow("The Collective")
    reader.go("collective", "/?q=cover+insurance+clauses")
    reader.does_not_see(QUESTION)
    reader.check_page()
    organiser.go("alder", "/manage/sharing/")
    organiser.sees(QUESTION)
    organiser.check_page()
    organiser.follow("Look and decide")
    organiser.check_page()
    organiser.press("Share")
    reader.page.reload()
    reader.sees(QUESTION)
