"""Finding what others wrote: by the bar, after a slip of the pen, narrowed by the keyboard, and before asking again."""

import re

import pytest
from playwright.sync_api import expect

from tenant_apps.discussions import services as discussions
from tenants.context import in_network
from tenants.models import Network
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import make_member
from tests.builders.suppliers import make_supplier
from tests.journeys.visitors import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_find_before_asking(person, alder: Network, birch: Network) -> None:
    # Given a question that a member of another network answered, a supplier, and a member who wonders the same
    priya = make_member(alder, name="Priya Raman", password=PASSWORD)
    martin = make_member(birch, name="Martin Bayliss")
    with in_network(alder):
        asked = make_discussion(priya, title="Zeppelin hire prices", body="What do you pay?")
        make_supplier(priya, name="Zeppelin Works")
        share(asked, priya)
        away_reply(asked, martin, birch, body="Ask the aerodrome at Cardington.")
        discussions.count_away_replies(asked)
    seeker = person()
    seeker.sign_in("alder", priya.email)

    # When they misspell it in the bar, they are told what they meant
    seeker.page.get_by_placeholder("Search").first.fill("zepelin <b>aerodrome</b>")
    seeker.page.keyboard.press("Enter")
    seeker.sees("In replies from other networks")
    seeker.check_page()
    seeker.follow("zeppelin <b>aerodrome</b>")

    # Then both are found, with what the other network said
    seeker.sees("2 results")
    seeker.sees("From another network:")
    seeker.check_page()

    # And the keyboard narrows them, and widens them again
    narrow = seeker.page.get_by_role("region", name="Narrow the results").get_by_role(
        "link", name=re.compile("Suppliers")
    )
    narrow.focus()
    seeker.page.keyboard.press("Enter")
    seeker.sees("1 result in this network")
    seeker.page.get_by_role("link", name="Remove Suppliers").press("Enter")
    seeker.sees("2 results")

    # When they ask all the same, they are shown what was asked before, once
    seeker.go("alder", "/discussions/new/")
    seeker.page.get_by_label("Title").press_sequentially("Zeppelin hire")
    expect(seeker.page.get_by_role("status").filter(has_text="1 discussion like this")).to_have_count(1)
    expect(seeker.page.get_by_role("link", name=re.compile("Zeppelin hire prices"))).to_be_visible()
    seeker.check_page()
