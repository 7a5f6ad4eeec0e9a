"""The platform's job, in a browser: an operator puts a network on line, its owner takes it over from the email."""

import pytest

from tenants.selectors import get_network
from tests.builders.emails import code_in
from tests.journeys.visitors import last_mail, link_in, run_jobs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

OWNER = "owner@thames.example"


def test_a_network_goes_on_line_and_its_owner_takes_it_over(person, operator) -> None:
    runner, owner = person(), person()

    # Given an operator who asks for a network
    runner.sign_in("", operator.email)
    runner.go("", "/operator/")
    runner.check_page()
    runner.follow("Put a network on line")
    runner.check_page()
    runner.page.get_by_label("Name", exact=True).fill("Thames Valley SBM Network")
    runner.page.get_by_label("Address", exact=True).fill("www")
    runner.page.get_by_label("Owner’s email address").fill(OWNER)
    runner.press("Put it on line")
    runner.sees("The subdomain www is reserved. Choose another.")
    runner.said.clear()  # the browser reports the 422 itself
    runner.check_page()
    runner.page.get_by_label("Address", exact=True).fill("thames-valley")
    runner.press("Put it on line")
    runner.sees("Thames Valley SBM Network")
    runner.check_page()

    # When the job has run
    run_jobs()
    runner.page.reload()
    runner.sees("Live")
    runner.check_page()
    network = get_network("thames-valley")

    # Then its owner takes it over from the emailed link, with a code that only their mailbox gets
    run_jobs()
    owner.page.goto(link_in(last_mail(OWNER, network), "/join/"))
    owner.sees("Take over Thames Valley SBM Network")
    owner.check_page()
    owner.press("Email me a code")
    owner.check_page()
    owner.page.get_by_label("Code").fill(code_in(last_mail(OWNER, network).text))
    owner.press("Go on")
    owner.check_page()
    owner.page.get_by_text("Leave it out for now").click()
    owner.check_page()
    owner.page.get_by_label("Name").first.fill("Rosa Bell")
    owner.page.get_by_label("Password").fill("a-long-enough-phrase")
    owner.press("Take over Thames Valley SBM Network")
    owner.sees("Rosa")
    owner.sees("Set up the network")
    owner.check_page()
    owner.go("thames-valley", "/")
    owner.sees("Example: Is a buying group worth it for electricity?")
    owner.check_page()

    # And removes the examples that it began with
    owner.follow("All of it")
    owner.check_page()
    owner.page.get_by_role("link", name="Remove the examples").last.click()
    owner.check_page()
    owner.press("Remove the examples")
    owner.sees("The examples are removed.")

    # And the operator still sees nothing inside it
    runner.go("thames-valley", "/")
    runner.sees("Sign in")
