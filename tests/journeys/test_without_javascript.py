"""Everything of the main journey in a browser that runs no script."""

import re

import pytest
from playwright.sync_api import expect

from tenants.models import Network
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

QUESTION = "How do you charge for caretaker overtime on Sundays?"
ANSWER = "Double time, three hours at least, and the church pays it."


def test_ask_share_search_and_answer_without_script(person, alder: Network, birch: Network) -> None:
    priya = make_member(alder, name="Priya Raman", password=PASSWORD)
    martin = make_member(birch, name="Martin Bayliss", password=PASSWORD)
    asker, answerer = person(script=False), person(script=False)

    # Given a question
    asker.sign_in("alder", priya.email)
    asker.follow("Ask or discuss")
    asker.press("Post")
    asker.is_refused("Choose a category")
    asker.fill(Title=QUESTION, More_about_it="We let the hall to a church of about 110 people.")
    asker.page.get_by_label("Category").select_option("Buildings")
    asker.press("Post")
    original = asker.page.url

    # When its author shares it
    asker.page.goto(f"{original}share/")
    asker.press("Share with the Collective")
    asker.sees("Shared. Every network can find it now.")

    # Then a member of another network opens the way there, which is a menu, and finds and answers it
    answerer.sign_in("birch", martin.email)
    answerer.follow("The Collective")
    answerer.page.locator("summary", has_text="Your account").click()
    expect(answerer.page.get_by_role("button", name="Sign out")).to_be_visible()
    answerer.page.locator("summary", has_text="Your account").click()
    answerer.page.get_by_role("searchbox").first.fill("what do you charge a church for the caretaker on a sunday")
    answerer.press("Search")
    answerer.page.get_by_role("heading", name=QUESTION).get_by_role("link").click()
    answerer.page.get_by_label("Your answer").fill(ANSWER)
    answerer.press("Post answer")
    answerer.sees(ANSWER)

    # And the answer is at home
    asker.page.goto(original)
    asker.sees(ANSWER)
    asker.sees(re.compile("From Birch"))
    asker.press("Mark as answer")
    asker.sees("Answered")
