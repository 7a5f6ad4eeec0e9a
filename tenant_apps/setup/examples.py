"""What the examples say. Each says that it is one, because titles travel: into searches, archives and programs."""

from tenant_apps.discussions.enums import DiscussionKind
from tenant_apps.discussions.services import ExampleDiscussion, ExampleReply
from tenant_apps.suppliers.services import ExampleRecommendation, ExampleSupplier

_FOOT = "\n\n*This is an example. The people and schools in it are made up.*"

DISCUSSIONS = (
    ExampleDiscussion(
        by=0,
        title="Example: Is a buying group worth it for electricity?",
        body="Our contract ends in nine months and two buying groups have written to us.\n\n"
        "- Did joining one save you money, or only time?\n"
        "- How long did it tie you in for?\n\n"
        "One form entry, 210 pupils, electric heating in half of the building." + _FOOT,
        categories=("Energy", "Procurement", "Finance"),
        replies=(
            ExampleReply(
                by=1,
                body="We joined one two years ago. The price was close to our own best quote; what we saved was three "
                "weeks of work. Ask what happens if you build or close a block while you are tied in.",
                is_answer=True,
            ),
            ExampleReply(by=2, body="The same here. Read the notice period before anything else."),
        ),
    ),
    ExampleDiscussion(
        by=2,
        title="Example: What do you ask before you renew the photocopiers?",
        body="Ours are five years old and the supplier offers a new lease early. What do you wish you had asked?"
        + _FOOT,
        categories=("Finance", "Procurement", "ICT"),
        replies=(
            ExampleReply(
                by=0,
                body="Three things:\n\n1. What a page costs in black and in colour, and whether that can rise.\n"
                "2. What is still owed on the old lease, in writing.\n"
                "3. Who pays to take the old machines away.",
                is_answer=True,
            ),
        ),
    ),
    ExampleDiscussion(
        by=1,
        kind=DiscussionKind.DISCUSSION,
        title="Example: What would you tell a business manager in their first week?",
        body="Somebody starts at a school near us on Monday. One piece of advice each, please." + _FOOT,
        categories=("Network", "Our trust", "Staff"),
        replies=(
            ExampleReply(by=2, body="Find out who has the keys, and who has the passwords."),
            ExampleReply(by=0, body="Walk the whole site with the caretaker before you read a single contract."),
        ),
    ),
)

SUPPLIERS = (
    ExampleSupplier(
        name="Example: Bright Plate Catering",
        description="School lunches, cooked on site. There is no such company: this is an example.",
        categories=("Catering",),
        said=(
            ExampleRecommendation(
                by=0,
                response=5,
                quality=4,
                value=4,
                would_use_again=True,
                text="They changed the menu within a week when numbers fell. The manager answers the telephone."
                + _FOOT,
            ),
            ExampleRecommendation(
                by=1,
                response=3,
                quality=4,
                value=2,
                would_use_again=False,
                text="The food was good. The price rose twice in a year, and we had not read the clause that let it."
                + _FOOT,
            ),
        ),
    ),
)
