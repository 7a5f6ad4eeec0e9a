"""The main job of the product, in a browser: ask, share, be found, be answered, mark, withdraw."""

import re

import pytest

from tenants.models import Network
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD, last_mail, link_in, run_jobs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

QUESTION = "Has anyone taken catering back in-house?"
BODY = "Our contract with Hartwell & Dunne ends in July. Did it really save you money?"
SENTENCE = "did moving school meals catering in-house save money"
ANSWER = "Year one cost us £3,100 more, year two saved £11,400."


@pytest.fixture
def priya(alder: Network):
    return make_member(alder, name="Priya Raman", password=PASSWORD, school="Moor End Primary School")


@pytest.fixture
def martin(birch: Network):
    return make_member(birch, name="Martin Bayliss", password=PASSWORD, school="Stour Valley Primary")


def test_a_question_travels_and_its_answer_comes_home(person, alder: Network, priya, martin) -> None:
    asker, answerer = person(), person()

    # Given a member who asks a question in her own network
    asker.sign_in("alder", priya.email)
    asker.check_page()
    asker.follow("Ask or discuss")
    asker.check_page()
    asker.page.get_by_label("Title").fill(QUESTION)
    asker.page.get_by_label("More about it").fill(BODY)
    asker.page.get_by_label("Category").select_option("Catering")
    asker.press("Post")
    asker.sees(QUESTION)
    asker.check_page()
    original = asker.page.url

    # When she shares it, without her caterer's name, after seeing exactly what leaves
    asker.follow("See what would leave")
    asker.check_page()
    asker.page.get_by_label("Role and area").check()
    asker.page.get_by_label("Words that stay here").fill("Hartwell & Dunne")
    asker.press("Share with the Collective")
    asker.sees("This is how it looks with your changes. Check it, then share.")
    asker.check_page()
    asker.press("Share with the Collective")
    asker.sees("Shared. Every network can find it now.")
    asker.check_page()

    # Then somebody in another network finds it with a plain sentence, and answers
    answerer.sign_in("birch", martin.email)
    answerer.follow("The Collective")
    answerer.check_page()
    answerer.page.get_by_role("searchbox").first.fill(SENTENCE)
    answerer.press("Search")
    answerer.sees(re.compile("result"))
    answerer.check_page()
    answerer.page.get_by_role("heading", name=QUESTION).get_by_role("link").click()
    answerer.does_not_see("Hartwell")
    answerer.does_not_see("Priya")
    answerer.page.get_by_label("Your answer").fill(ANSWER)
    answerer.check_page()
    answerer.press("Post answer")
    answerer.sees(ANSWER)
    answerer.check_page()
    public = answerer.page.url.split("#")[0]

    # And the asker is told by email, and sees the answer at home with its origin
    run_jobs()
    mail = last_mail(priya.email, alder)
    assert "Martin Bayliss" in mail.text
    assert link_in(mail, "/discussions/").startswith(original)
    asker.page.goto(original)
    asker.sees(ANSWER)
    asker.sees(re.compile("From Birch"))
    asker.check_page()

    # And marks it, and withdraws the question
    asker.press("Mark as answer")
    asker.sees("Answered")
    asker.check_page()
    answerer.page.goto(public)
    answerer.sees("Answered question")
    asker.follow("Withdraw")
    asker.check_page()
    asker.press("Withdraw it")
    asker.sees("Withdrawn. No other network can see it now.")
    asker.sees(ANSWER)

    # Then nobody else finds it, and the answer's author is told and can take it back there too
    answerer.go("collective", f"/?q={SENTENCE}")
    answerer.does_not_see(QUESTION)
    answerer.page.goto(public)
    answerer.sees("This page is not here")
    run_jobs()
    assert "withdrawn" in last_mail(martin.email, Network.objects.get(subdomain="birch")).subject
    answerer.said.clear()  # the browser reports the 404 itself
    answerer.go("collective", "/answers/")
    answerer.check_page()
    answerer.follow(re.compile("^Have it removed"))
    answerer.check_page()
    answerer.press("Have it removed")
    run_jobs()
    asker.page.goto(original)
    asker.sees("Taken back by the person who wrote it.")
    asker.does_not_see(ANSWER)
    asker.follow("What other networks can see")
    asker.check_page()
