"""Writing with what a good forum has: files, names after @, drafts that stay, helpful, and news of an open page."""

import pytest
from playwright.sync_api import expect

from tenant_apps.discussions.models import Discussion
from tenants.context import in_network
from tenants.models import Network
from tests.builders.discussions import make_discussion
from tests.builders.files import pdf, photo_with_a_place
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHOTO = {"name": "boiler.jpg", "mimeType": "image/jpeg", "buffer": photo_with_a_place()}
QUOTE = {"name": "quote.pdf", "mimeType": "application/pdf", "buffer": pdf()}
EVIL = {"name": "evil.png", "mimeType": "image/png", "buffer": b"<svg onload='alert(1)'/>"}


def test_write_well_with_a_script(person, alder: Network) -> None:
    priya = make_member(alder, name="Priya Raman", password=PASSWORD, school="Moor End Primary")
    tom = make_member(alder, name="Tom Whitlock", password=PASSWORD, days_here=30)
    with in_network(alder):
        asked = make_discussion(priya)
    writer, reader = person(), person()

    # Given somebody who writes half a reply, naming a member by keyboard alone
    writer.sign_in("alder", tom.email)
    page = writer.go("alder", f"/discussions/{asked.id}/")
    box = page.get_by_label("Your reply")
    box.press_sequentially("Ask @pri")
    expect(page.get_by_role("option")).to_have_count(1)
    writer.check_page()
    box.press("Enter")
    expect(box).to_have_value("Ask @Priya Raman ")
    box.press_sequentially("about it")
    writer.sees("Draft saved")

    # When they come back later
    page.goto(writer.address("alder", "/discussions/?show=mine"))
    writer.sees("Drafts")
    writer.check_page()
    page.get_by_role("link", name=asked.title).first.click()
    expect(page.get_by_label("Your reply")).to_have_value("Ask @Priya Raman about it")

    # And attach a page that calls itself a picture
    page.get_by_label("Files").set_input_files([QUOTE, EVIL])
    writer.press("Post reply")
    writer.is_refused("evil.png is a web page, a drawing or a program")
    expect(page.get_by_label("Your reply")).to_have_value("Ask @Priya Raman about it")

    # And then real ones, while the author of the question has the page open
    reader.sign_in("alder", priya.email)
    reader.page.clock.install()
    reader.go("alder", f"/discussions/{asked.id}/")
    page.get_by_label("Files").set_input_files([QUOTE, PHOTO])
    writer.press("Post reply")

    # Then all of it is there, and the draft is not
    expect(page.get_by_role("img", name="boiler.jpg")).to_be_visible()
    assert page.get_by_role("img", name="boiler.jpg").evaluate("img => img.naturalWidth") == 30
    writer.sees("quote.pdf")
    expect(page.get_by_label("Your reply")).to_have_value("")
    writer.check_page()

    # And the reader is told without asking, sees it, and says that it helped
    reader.page.clock.run_for(31_000)
    reader.press("1 new reply")
    reader.sees("about it")
    expect(reader.page.get_by_role("link", name="@Priya Raman")).to_be_visible()
    reader.page.get_by_role("button", name="Helpful").last.click()
    expect(reader.page.get_by_role("button", name="Helpful 1")).to_have_attribute("aria-pressed", "true")
    reader.check_page()


def test_write_well_without_a_script(person, alder: Network) -> None:
    priya = make_member(alder, name="Priya Raman", password=PASSWORD, days_here=30)
    writer = person(script=False)

    # Given a draft that was saved by its button
    writer.sign_in("alder", priya.email)
    writer.follow("Ask or discuss")
    writer.fill(Title="Who does", More_about_it="@moderators, who")
    writer.press("Save draft")
    writer.sees("Your draft is saved. Only you can see it.")

    # When it is finished and posted with a file
    page = writer.page
    expect(page.get_by_label("More about it")).to_have_value("@moderators, who")
    writer.fill(Title="Who does your windows?")
    page.get_by_label("Category").select_option("Buildings")
    page.get_by_label("Files").set_input_files([QUOTE])
    page.get_by_role("button", name="Post", exact=True).click()

    # Then it stands there, and the file can be removed again
    writer.sees("quote.pdf")
    page.get_by_role("link", name="Remove").click()
    writer.sees("Remove quote.pdf?")
    writer.press("Remove file")
    writer.sees("quote.pdf is removed.")
    with in_network(alder):
        assert Discussion.objects.get().title == "Who does your windows?"
