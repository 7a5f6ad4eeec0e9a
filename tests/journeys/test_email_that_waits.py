"""An organiser finds out whose email it is, and what was sent can be read as it came."""

import re

import pytest

from tenant_apps.members.enums import Role
from tenants.models import Network
from tests.builders.emails import raw_email, send_in
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD, run_jobs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TEXT = """Ours are down again. Who else has Hartwell?

On Mon, 2 Nov 2026 at 10:00, Alder SBM Network <collective@localhost> wrote:
> Any news of the printers?
"""


def test_an_email_from_an_unknown_address_is_given_to_its_member(person, alder: Network) -> None:
    olive = make_member(alder, name="Olive Owner", role=Role.OWNER, password=PASSWORD)
    make_member(alder, name="Dawn Okafor", email="dawn@school.example")

    # Given an email from an address that nobody has
    to = "ict@alder.localhost"
    for sender, subject in (("dawn.okafor@home.example", "Printers"), ("sales@toner.example", "Cheap toner")):
        send_in(raw_email(sender=sender, to=to, subject=subject, text=TEXT), to=to)

    # When an organiser looks at what waits
    organiser = person()
    organiser.sign_in("alder", olive.email)
    organiser.go("alder", "/manage/")
    organiser.follow(re.compile("^Email"))
    organiser.sees("dawn.okafor@home.example")
    organiser.check_page()

    # And discards one, and says whose the other is
    organiser.follow("Cheap toner")
    organiser.press("Discard")
    organiser.sees("Discarded. It is kept for 30 days.")
    organiser.check_page()
    organiser.follow("Printers")
    organiser.check_page()
    organiser.press("Post it as theirs")
    organiser.is_refused("Choose whose address it is.")
    organiser.check_page()
    organiser.page.get_by_label("This is another address of").select_option(label="Dawn Okafor, dawn@school.example")
    organiser.press("Post it as theirs")
    organiser.sees("Nothing waits")
    run_jobs()

    # Then it is posted as theirs, without what it quotes, which is on a page of its own
    organiser.go("alder", "/discussions/")
    organiser.follow("Printers")
    organiser.sees("Ours are down again. Who else has Hartwell?")
    organiser.does_not_see("Any news of the printers?")
    organiser.follow("Show original")
    organiser.sees("Any news of the printers?")
    organiser.check_page()
