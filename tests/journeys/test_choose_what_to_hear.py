"""A member of two networks is told of things, goes from inbox to inbox, and chooses what to hear and when."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from shared_apps.jobs.worker import Worker
from shared_apps.mail import services as mail
from tenant_apps.discussions import services as discussions
from tenants.context import in_network
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def keep(visitor: Visitor, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("PICTURES"):
        visitor.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def priya(alder, birch):
    """Somebody in both networks, who asked in both, and was answered."""
    here = make_member(alder, name="Priya Raman", password=PASSWORD)
    make_member(birch, name="Priya Raman", email=here.email)
    for network in (alder, birch):
        helper = make_member(network, name="Tom Whitlock", school="Moor End Primary School")
        with in_network(network):
            asker = here if network == alder else type(here).objects.get(email=here.email)
            asked = make_discussion(asker, title=f"Who does your PAT testing near {network.name.split()[0]}?")
            discussions.post_reply(
                asked, body="We use Circuit Sense, and would again. They come at half term.", by=helper
            )
    Worker().drain()
    return here


@pytest.mark.parametrize("script", [True, False])
def test_choose_what_to_hear(alder, birch, priya, person, script) -> None:
    reader = person(script=script)
    reader.sign_in("alder", priya.email)

    # the bell says how much waits in both networks
    expect(reader.page.locator('.bar a[href="/inbox/"]')).to_contain_text("2")
    reader.go("alder", "/inbox/")
    reader.sees("Tom Whitlock replied")
    reader.sees("1 new")
    if script:
        reader.check_page()
    keep(reader, "inbox")

    # what is read is seen
    reader.follow("Who does your PAT testing near Alder?")
    reader.go("alder", "/inbox/")
    expect(reader.page.locator('.bar a[href="/inbox/"]')).to_contain_text("1")

    # the discussion's own level
    reader.follow("Who does your PAT testing near Alder?")
    reader.page.locator("summary", has_text="How much you hear").click()
    keep(reader, "level")
    if script:
        reader.check_page()
    reader.page.get_by_label("Mute").check()
    reader.page.locator("details[open]").get_by_role("button", name="Save").click()
    reader.sees("You are told nothing more about this discussion.")

    # preferences, and an address that bounced
    mail.take_bounce(priya.email, is_hard=True)
    reader.go("alder", "/notifications/preferences/")
    reader.sees("We stopped sending you email")
    keep(reader, "preferences")
    if script:
        reader.check_page()
    reader.press("Try again")
    reader.page.get_by_label("From", exact=True).select_option("20")
    reader.press("Save")
    reader.is_refused("Choose when quiet hours begin and when they end")
    reader.page.get_by_label("Until", exact=True).select_option("7")
    reader.press("Save")
    reader.sees("Saved.")

    # the other network's inbox
    reader.go("alder", "/inbox/")
    reader.follow("Birch Bursars")
    reader.sees("Who does your PAT testing near Birch?")
    assert reader.page.url.startswith(reader.address("birch", "/inbox/"))
    reader.press("Mark all as seen")
    expect(reader.page.locator('.bar a[href="/inbox/"]')).not_to_contain_text("1")
