"""The main journey of the product as programs make it, from server to server."""

import pytest
from django.test import Client

from shared_apps.accounts.selectors import account_of_email
from tenants.models import Network
from tests.builders.accounts import token_client
from tests.builders.members import make_member
from tests.journeys.visitors import run_jobs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SENTENCE = "did moving school meals catering in-house save money"


def told(client: Client, method: str, path: str, status: int, **body: object) -> dict:
    """Call an address and return what it answers, once the status is what it should be."""
    call = getattr(client, method)
    answer = call(path, body or None, content_type="application/json") if method != "get" else call(path, body)
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else {}


@pytest.fixture
def asking(alder: Network) -> Client:
    """A program of Priya's, in alder."""
    make_member(alder, name="Priya Raman", email="priya@moorend.example")
    return token_client(account_of_email("priya@moorend.example"), alder)


@pytest.fixture
def answering(birch: Network) -> Client:
    """A program of Martin's, of birch, on the Collective."""
    make_member(birch, name="Martin Bayliss", email="martin@stourvalley.example")
    return token_client(account_of_email("martin@stourvalley.example"), birch, on="collective")


def test_a_question_travels_and_its_answer_comes_home(asking: Client, answering: Client) -> None:
    # Given a question that its author's program asked and shared
    question = told(
        asking,
        "post",
        "/api/v1/discussions/",
        201,
        title="Has anyone taken catering back in-house?",
        body="Our contract with Hartwell & Dunne ends in July. Did it really save you money?",
        category="Catering",
    )
    home = f"/api/v1/discussions/{question['id']}/"
    shared = told(asking, "post", f"{home}share/", 201, identity="role", redactions=["Hartwell & Dunne"])

    # When a program of another network looks for it with a sentence, and answers
    found = told(answering, "get", "/api/v1/search/", 200, q=SENTENCE)["results"]
    assert [each["id"] for each in found] == [shared["publication"]]
    public = f"/api/v1/publications/{shared['publication']}/"
    assert "Hartwell" not in str(told(answering, "get", public, 200))
    assert "Priya" not in str(told(answering, "get", public, 200))
    told(answering, "post", f"{public}replies/", 201, body="Year two saved £11,400.", identity="named")
    run_jobs()

    # Then the answer is at home, with its origin, and can be marked
    [answer] = told(asking, "get", f"{home}replies/", 200)["results"]
    assert answer["body"] == "Year two saved £11,400."
    assert answer["origin"] == {"network": "Birch Bursars", "name": "Martin Bayliss"}
    told(asking, "patch", f"{home}replies/{answer['id']}/", 200, is_answer=True)
    assert told(asking, "get", home, 200)["state"] == "answered"
    run_jobs()
    [seen] = told(answering, "get", f"{public}replies/", 200)["results"]
    assert seen["is_answer"] is True

    # And withdrawn, the question is gone for every other network, while the answer stays
    told(asking, "delete", f"{home}share/", 204)
    assert told(answering, "get", "/api/v1/search/", 200, q=SENTENCE)["results"] == []
    told(answering, "get", public, 404)
    told(answering, "post", f"{public}replies/", 404, body="Too late.")
    assert [each["body"] for each in told(asking, "get", f"{home}replies/", 200)["results"]] == [answer["body"]]
