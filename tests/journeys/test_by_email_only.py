"""Three members talk by email alone and a fourth in a browser: one conversation, nothing lost, nothing twice."""

import smtplib
from email.message import EmailMessage
from email.utils import parseaddr

import pytest

from shared_apps.mail.models import Message
from tenant_apps.discussions.models import Category, Discussion, Reply
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.enums import Level
from tenants.context import in_network
from tenants.models import Network
from tests.builders.emails import raw_email
from tests.builders.mail_programs import CLOSING, apple_mail, gmail, outlook
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD, run_jobs
from tests.shared_apps.mail import smtp_server
from tests.shared_apps.mail.smtp_server import Post
from tests.shared_apps.mail.test_listening import listening_on

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

QUESTION = "Who services your boilers?"
BODY = "Ours has given notice.\nAny recommendation within 20 miles?"


@pytest.fixture
def people(alder: Network) -> dict:
    """Members who hear of everything in their network by email."""
    made = {
        "ada": make_member(alder, name="Ada Gmail", email="ada@moorend.example", password=PASSWORD),
        "ben": make_member(alder, name="Ben Outlook", email="ben@ladywood.example", password=PASSWORD),
        "cora": make_member(alder, name="Cora Apple", email="cora@stour.example", password=PASSWORD),
        "dee": make_member(alder, name="Dee Browser", email="dee@hall.example", password=PASSWORD),
    }
    with in_network(alder):
        plant = Category.objects.create(name="Plant rooms", slug="plant-rooms")
        for who in ("ada", "ben", "cora"):
            notifications.set_level(made[who], kind="category", object_id=plant.id, level=Level.EVERYTHING)
    return made


@pytest.fixture
def post(settings):
    """Where the product's email goes."""
    with smtp_server.asked_by(settings) as running:
        yield running


def to_person(post: Post, email: str) -> list[EmailMessage]:
    return [each for each in post.messages if parseaddr(each["To"])[1] == email]


def test_three_by_email_and_one_in_a_browser_have_one_conversation(person, alder, people, post) -> None:
    emails = {name: member.email for name, member in people.items()}

    with listening_on() as port:

        def send(who: str, raw: bytes, to: str) -> None:
            """Send as a mail server does that did not hear the confirmation, and sends again."""
            with smtplib.SMTP("127.0.0.1", port) as smtp:
                for _time in range(2):
                    smtp.sendmail(emails[who], [to], raw)
            run_jobs()

        def answer(who: str, program, text: str) -> EmailMessage:
            received = to_person(post, emails[who])[-1]
            send(who, program(received, text=text), received["Reply-To"])
            return received

        # Given a question that Ada sends to the category's address
        send(
            "ada",
            raw_email(sender=f"Ada Gmail <{emails['ada']}>", to="x", subject=QUESTION, text=BODY),
            "plant-rooms@alder.localhost",
        )

        # When Ben answers in Outlook, Cora on her phone, and Ada in Gmail
        answer("ben", outlook, "We use Thermal South, call-out within 4 hours.")
        answer("cora", apple_mail, "Same here. Ask for Yvonne.")
        answer("ada", gmail, "Thank you both!")

        # And Dee, who only uses the browser, replies there
        dee = person()
        dee.sign_in("alder", emails["dee"])
        dee.go("alder", "/discussions/")
        dee.follow(QUESTION)
        dee.sees("We use Thermal South, call-out within 4 hours.")
        dee.does_not_see("0121 496 0000")
        dee.does_not_see("Sent from my iPhone")
        dee.does_not_see("wrote:")
        dee.check_page()
        dee.page.get_by_label("Your reply").fill("Thermal South was late twice with us.")
        dee.press("Post reply")
        dee.sees("Thermal South was late twice with us.")
        run_jobs()

        # And Ben answers her by email
        answer("ben", outlook, "That was before they hired a second engineer.")

    # Then it is one discussion, in order, with nothing lost and nothing twice
    with in_network(alder):
        discussion = Discussion.objects.get()
        said = list(Reply.objects.order_by("created_at").values_list("author__name", "body"))
    assert (discussion.title, discussion.author_id) == (QUESTION, people["ada"].id)
    assert discussion.body.splitlines() == BODY.splitlines()
    assert said == [
        ("Ben Outlook", f"We use Thermal South, call-out within 4 hours.\n\n{CLOSING}"),
        ("Cora Apple", "Same here. Ask for Yvonne."),
        ("Ada Gmail", "Thank you both!"),
        ("Dee Browser", "Thermal South was late twice with us."),
        ("Ben Outlook", f"That was before they hired a second engineer.\n\n{CLOSING}"),
    ]

    # And everybody was told once of what the others said, in one thread, with an address of their own to answer to
    heard = {who: [each["Message-ID"] for each in to_person(post, emails[who])] for who in ("ada", "ben", "cora")}
    assert {who: len(ids) for who, ids in heard.items()} == {"ada": 4, "ben": 4, "cora": 5}
    assert len({each for ids in heard.values() for each in ids}) == 13
    for who in heard:
        mine = to_person(post, emails[who])
        assert {each["Subject"].removeprefix("Re: ") for each in mine} == {QUESTION}
        assert len({each["References"].split()[0] for each in mine}) == 1
        assert len({each["Reply-To"] for each in mine}) == 1
        assert {each["List-Unsubscribe-Post"] for each in mine} == {"List-Unsubscribe=One-Click"}
    answers = {to_person(post, emails[who])[0]["Reply-To"] for who in heard}
    assert len(answers) == 3
    assert all(each.startswith("reply+") and each.endswith("@alder.localhost") for each in answers)
    with in_network(alder):
        assert not Message.objects.filter(kind__startswith="inbound.").exists()
