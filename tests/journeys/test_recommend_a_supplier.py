"""A school adds a supplier, says what it is like, keeps a private note, shares the recommendation and takes it back."""

import pytest
from playwright.sync_api import expect

from tenants.context import in_network
from tenants.models import Network
from tests.builders.members import MOOR_END, make_member
from tests.builders.suppliers import make_recommendation, make_supplier
from tests.builders.suppliers import share as share_recommendation
from tests.journeys.visitors import PASSWORD, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SAID = "The area manager answers the phone. Watch the annual uplift."
OTHERS = "Good food, poor paperwork: allergen sheets came late twice."
NOTE = "Late delivery, third this half term. Credit of £64 agreed."


@pytest.fixture
def priya(alder: Network):
    return make_member(alder, name="Priya Raman", password=PASSWORD, school=MOOR_END)


@pytest.fixture
def martin(birch: Network):
    return make_member(birch, name="Martin Bayliss", password=PASSWORD, school="Stour Valley Primary")


def add_supplier(writer: Visitor) -> str:
    """Add one, after being told what was missing, and return the address of its page."""
    writer.go("alder", "/suppliers/")
    writer.sees("No suppliers yet")
    writer.check_page()
    writer.follow("Add a supplier")
    writer.press("Add supplier")
    writer.sees("There is a problem")
    writer.said.clear()  # the browser notes that a form was refused
    writer.check_page()
    writer.page.get_by_label("Name").fill("Hartwell & Dunne Catering")
    writer.page.get_by_label("Website").fill("www.hartwelldunne.example")
    writer.page.get_by_label("Catering").check()
    writer.page.get_by_label("What they do").fill("Contract caterer for primary and secondary schools.")
    writer.press("Add supplier")
    writer.sees("No recommendations yet")
    writer.check_page()
    return writer.page.url


def recommend(writer: Visitor) -> None:
    writer.follow("Recommend")
    writer.check_page()
    for mark, words in (("Response", "5, very good"), ("Quality", "4, good"), ("Value", "3, fair")):
        writer.page.get_by_role("group", name=mark).get_by_label(words, exact=True).check()
    writer.page.get_by_role("group", name="Would you use them again?").get_by_label("Yes").check()
    writer.page.get_by_label("What should another school know?").fill(SAID)
    writer.page.get_by_role("button", name="Recommend", exact=True).click()
    writer.sees("1 school recommends")
    writer.check_page()


def keep_note(writer: Visitor) -> None:
    writer.follow("Add a note")
    writer.check_page()
    writer.page.get_by_label("What happened").fill(NOTE)
    writer.press("Keep note")
    writer.sees(NOTE)
    writer.check_page()
    writer.follow("Open the note")
    writer.sees("Your school only")
    writer.check_page()
    writer.page.go_back()


def share(writer: Visitor) -> None:
    writer.page.get_by_role("link", name="Share", exact=True).click()
    writer.sees(SAID)
    writer.does_not_see(NOTE)
    writer.check_page()
    writer.press("Share with the Collective")
    writer.sees("Shared. Every network can find it now.")
    writer.check_page()


def test_a_recommendation_travels_and_a_note_stays(person, alder: Network, birch: Network, priya, martin) -> None:
    with in_network(birch):
        away = make_supplier(martin, name="Hartwell & Dunne", website="hartwelldunne.example")
    writer, reader = person(), person()

    # Given a member who adds a supplier, says what they are like, and keeps a private note
    writer.sign_in("alder", priya.email)
    supplier = add_supplier(writer)
    recommend(writer)
    keep_note(writer)

    # When she shares the recommendation after seeing exactly what leaves
    share(writer)

    # Then a member of another network reads it beside his own, with its origin, and nothing of the note
    reader.sign_in("birch", martin.email)
    reader.go("birch", f"/suppliers/{away.id}/")
    reader.sees(SAID)
    reader.sees("Alder")
    reader.does_not_see(NOTE)
    reader.check_page()

    # And once he shares his own, the Collective's page of the supplier has both, each with its network
    with in_network(birch):
        share_recommendation(make_recommendation(away, martin, text=OTHERS), martin)
    reader.follow("The Collective")
    reader.page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Suppliers").click()
    reader.check_page()
    reader.follow("Hartwell & Dunne")
    for words, network in ((SAID, "Alder"), (OTHERS, "Birch Bursars")):
        expect(reader.page.get_by_role("article").filter(has_text=words)).to_contain_text(network)
    reader.does_not_see(NOTE)
    reader.check_page()

    # And when she removes it, she is told what happens, and it is gone there too
    writer.page.goto(supplier)
    writer.follow("Remove")
    writer.sees("It is shared, so it is withdrawn first")
    writer.check_page()
    writer.press("Withdraw and remove")
    writer.sees("Withdrawn and removed. No other network can see it now.")
    reader.go("birch", f"/suppliers/{away.id}/")
    reader.does_not_see(SAID)


def test_the_same_company_is_offered_before_it_is_added_twice(person, alder: Network, priya) -> None:
    with in_network(alder):
        make_supplier(priya, name="Hartwell & Dunne Catering")
    member = person()
    member.sign_in("alder", priya.email)

    # Given a member who looks for a supplier under another name
    member.go("alder", "/suppliers/")
    member.page.get_by_role("searchbox").last.fill("Hartwell and Dunn")
    member.page.keyboard.press("Enter")
    member.sees("No supplier matches")
    member.check_page()

    # When she adds it
    member.page.get_by_role("link", name="Add a supplier").last.click()
    expect(member.page.get_by_label("Name")).to_have_value("Hartwell and Dunn")
    member.page.get_by_label("Catering").check()
    member.press("Add supplier")

    # Then the one that is there is offered, and leads to its page
    member.sees("Is it one of these?")
    member.check_page()
    member.follow("Hartwell & Dunne Catering")
    expect(member.page.get_by_role("heading", level=1)).to_have_text("Hartwell & Dunne Catering")
