"""An operator, in a browser: watches a network come on line, suspends one, takes it back, removes what failed."""

import pytest
from playwright.sync_api import expect

from tenants.enums import NetworkState
from tenants.lifecycle import set_state
from tenants.models import Network
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD, run_jobs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_an_operator_watches_suspends_and_takes_back(person, operator, alder: Network) -> None:
    runner, member = person(), person()
    priya = make_member(alder, password=PASSWORD)

    # Given a network that is asked for, and its page left open
    runner.sign_in("", operator.email)
    runner.go("", "/operator/networks/new/")
    runner.page.get_by_label("Owner’s email address").fill("owner@thames.example")
    runner.page.get_by_label("Address", exact=True).fill("thames-valley")
    runner.page.get_by_label("Name", exact=True).fill("Thames Valley")
    runner.press("Put it on line")
    runner.sees("Being set up")

    # When the job has run, then the page says so by itself
    run_jobs()
    runner.sees("Open its site")
    runner.check_page()

    # When alder is suspended
    member.sign_in("alder", priya.email)
    runner.go("", "/operator/")
    runner.page.get_by_role("group").filter(has_text="Actions for Alder").locator("summary").click()
    runner.follow("Suspend the network")
    runner.check_page()
    runner.press("Suspend it")
    runner.sees("Alder SBM Network is suspended. It stops answering within seconds.")
    runner.check_page()

    # Then its member is told, and sees nothing more of it
    member.go("alder", "/discussions/")
    member.sees("Alder SBM Network is paused")
    member.said.clear()  # the browser reports the 503 itself
    member.check_page()

    # And when the operator takes it back, the member goes on where they were
    runner.press("Reactivate the network")
    runner.sees("Alder SBM Network answers again.")
    member.go("alder", "/discussions/")
    member.sees("Discussions")


def test_an_operator_removes_what_failed(person, operator, alder: Network) -> None:
    runner = person()
    set_state(alder, NetworkState.FAILED, failed_step="sharing")

    runner.sign_in("", operator.email)
    runner.go("", "/operator/")
    runner.sees("Alder SBM Network stopped at “Joining the Collective”.")
    runner.check_page()
    runner.follow("See what happened")
    runner.check_page()
    runner.follow("Remove the network")
    runner.press("Remove it")

    runner.sees("Alder SBM Network is being removed. It leaves the list in a moment.")
    run_jobs()
    runner.go("", "/operator/")
    expect(runner.page.get_by_role("row").filter(has_text="Alder")).to_have_count(0)
    runner.go("", "/operator/jobs/")
    runner.check_page()
