"""A member asks without her name and with a poll; a moderator lets it be seen, tidies up, and undoes it."""

import pytest

from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Category
from tenant_apps.discussions.services import CategoryFacts
from tenants.context import in_network
from tenants.models import Network
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rob(alder: Network):
    return make_member(alder, name="Rob Casey", role="owner", password=PASSWORD)


@pytest.fixture
def priya(alder: Network):
    return make_member(alder, name="Priya Raman", password=PASSWORD, school="Moor End Primary School")


@pytest.fixture
def duplicate(alder: Network, rob, priya):
    with in_network(alder):
        staff = Category.objects.get(name="Staff")
        facts = CategoryFacts(allows_anonymous=True, template="Since when:")
        services.save_category(name="Staff", category=staff, facts=facts, by=rob)
        selectors.forget_categories()
        made = services.start_discussion(
            title="Who covers for the bursar?", body="In July.", category=staff, tags=["Cover", "Staff"], by=priya
        )
        services.post_reply(made, body="We share one with St Mary’s.", by=rob)
        other = services.start_discussion(title="Cover in July", body="Who could?", category=staff, by=priya)
        return made, other


def more(visitor: Visitor, action: str) -> None:
    visitor.page.locator("summary", has_text="More for this discussion").click()
    visitor.page.get_by_text(action, exact=True).click()


def test_asked_without_a_name_and_with_a_poll(person, alder: Network, rob, priya, duplicate) -> None:
    asker, moderator = person(), person()

    # Given a category where one may ask without a name, and which has a template
    asker.sign_in("alder", priya.email)
    asker.go("alder", "/discussions/new/?category=Staff")
    asker.sees("Since when:")
    asker.check_page()

    # When Priya asks without hers
    asker.page.get_by_label("Title").fill("May I refuse overtime?")
    asker.page.get_by_label("Tags").fill("Overtime, Staff")
    asker.page.get_by_label("Ask without my name").check()
    asker.page.get_by_role("button", name="Post", exact=True).click()
    asker.sees("Waits for a moderator.")
    asker.check_page()
    more(asker, "Add a poll")
    asker.check_page()
    asker.fill(What_do_you_ask="Would you?", Options="Yes\nNo")
    asker.press("Add poll")
    asker.check_page()

    # Then a moderator reads it without her name and lets members see it
    moderator.sign_in("alder", rob.email)
    moderator.go("alder", "/manage/waiting/")
    moderator.sees("May I refuse overtime?")
    moderator.does_not_see("Priya Raman")
    moderator.check_page()
    moderator.press("Let members see it")
    moderator.go("alder", "/discussions/")
    moderator.check_page()
    moderator.follow("May I refuse overtime?")
    moderator.sees("A member")
    moderator.page.get_by_label("Yes").check()
    moderator.press("Vote")
    moderator.sees("1 member has voted")
    moderator.check_page()


def test_a_moderator_closes_hides_merges_and_undoes(person, alder: Network, rob, duplicate) -> None:
    kept, other = duplicate
    moderator = person()
    moderator.sign_in("alder", rob.email)

    # When Rob closes a discussion and hides a reply
    moderator.go("alder", f"/discussions/{kept.id}/")
    more(moderator, "Close to replies")
    moderator.sees("Closed to replies.")
    moderator.check_page()
    moderator.press("Undo")
    moderator.sees("Open to replies again.")
    moderator.page.locator("#replies").wait_for()
    moderator.page.get_by_role("link", name="Hide", exact=True).last.click()
    moderator.check_page()
    moderator.fill(Why="It names a school.")
    moderator.press("Hide reply")
    moderator.sees("Hidden by a moderator: It names a school.")
    moderator.check_page()
    moderator.press("Undo")
    moderator.sees("Members can see the reply again.")

    # And merges another into it, seeing first what happens
    moderator.go("alder", f"/discussions/{other.id}/merge/")
    moderator.fill(Address_of_the_other_discussion=moderator.address("alder", f"/discussions/{kept.id}/"))
    moderator.press("See what would happen")
    moderator.sees("This would happen")
    moderator.check_page()
    moderator.press("Merge")

    # Then they are one, until she undoes it
    moderator.sees("They are one discussion now.")
    moderator.sees("Cover in July")
    moderator.check_page()
    moderator.press("Undo")
    moderator.sees("They are two discussions again.")
    for page in (f"/discussions/{kept.id}/split/", f"/discussions/{kept.id}/move/", "/manage/tags/"):
        moderator.go("alder", page)
        moderator.check_page()
