"""The console: what an operator sees and does, and that nobody else does, nor an operator inside a network."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shared_apps.audit.models import PlatformEvent
from shared_apps.audit.services import Actor
from shared_apps.billing.models import Subscription
from shared_apps.jobs.worker import Worker
from shared_apps.operator import services, tasks
from tenant_apps.members.models import Member
from tenants import lifecycle
from tenants.context import in_network, in_public
from tenants.enums import NetworkState
from tenants.lifecycle import set_state
from tenants.models import Network, Upgrade
from tenants.schema import current_release
from tenants.selectors import host_of
from tests.builders.accounts import client_of, make_account, token_client
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member
from tests.builders.pages import text_of

BY = Actor.system("command")
NEW = {"name": "Rowan Bursars", "subdomain": "rowan", "owner_email": "owner@rowan.example", "region": "South East"}


def address_of(network: Network, act: str = "") -> str:
    return f"/operator/networks/{network.id}/{f'{act}/' if act else ''}"


OF_ONE = ("", "progress/", "steps/", "suspend/", "remove/", "again/", "reactivate/")
PAGES = ("", "networks/new/", "jobs/", *(f"networks/{{id}}/{part}" for part in OF_ONE))


def test_home_tells_visitors_what_this_is(db, client_for):
    response = client_for("platform").get("/")

    assert response.status_code == 200
    assert "school business managers" in text_of(response)


def test_home_takes_an_operator_to_the_console(console):
    assert console.get("/").headers["Location"] == "/operator/"


# Who may


@pytest.mark.parametrize("page", PAGES)
def test_console_is_for_operators(alder, operator, client_for, page):
    path = f"/operator/{page.format(id=alder.id)}"
    member = make_account(alder, email="priya@alder.example")
    former = make_account(email="former@platform.example", operator=True)
    former_client = client_of(former, "platform")
    former.is_operator = False
    former.save()

    signed_out, refused = client_for("platform").get(path), client_of(member, "platform").get(path)

    assert (signed_out.status_code, signed_out.headers["Location"]) == (302, f"/sign-in/?next={path}")
    assert refused.status_code == 403
    assert former_client.get(path).status_code == 403
    assert client_of(operator, "platform").get(path).status_code in (200, 302)
    for response in (signed_out, refused):
        assert alder.owner_email not in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("host", ["alder", "collective"])
def test_console_is_on_the_platforms_host_only(alder, operator, page, host):
    client = client_of(operator, alder if host == "alder" else "collective")

    assert client.get(f"/operator/{page.format(id=alder.id)}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_signed_out_changes_nothing(alder, client_for, method):
    for act in ("suspend", "closing", "closing/now", "remove", "again"):
        getattr(client_for("platform"), method)(address_of(alder, act))

    assert Network.objects.get(id=alder.id).state == NetworkState.LIVE
    assert not PlatformEvent.objects.filter(target_id=alder.id).exists()
    assert not DBTaskResult.objects.filter(task_path__contains="bring_on_line").exists()


def test_forms_need_their_token(alder, operator):
    client = client_of(operator, "platform")
    strict = Client(headers={"host": host_of(None)}, enforce_csrf_checks=True)
    strict.cookies = client.cookies

    for path in ("/operator/networks/new/", address_of(alder, "suspend"), "/operator/jobs/again/"):
        assert strict.post(path, NEW).status_code == 403

    assert Network.objects.get(id=alder.id).state == NetworkState.LIVE
    assert not Network.objects.filter(subdomain="rowan").exists()


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing(alder, rowan, console, method):
    before = list(Network.objects.order_by("id").values())

    for network in (alder, rowan):
        for page in PAGES:
            getattr(console, method)(f"/operator/{page.format(id=network.id)}", {"act": "suspend", **NEW})

    assert list(Network.objects.order_by("id").values()) == before
    assert not PlatformEvent.objects.exclude(name="operator.network.requested").exists()
    assert not DBTaskResult.objects.filter(task_path__contains="operator").exists()


def test_an_operator_has_no_rights_inside_a_network(alder, operator, client_for):
    """Neither a session nor a token of an operator says anything on a network's host or in the Collective."""
    member = make_member(alder)
    with in_network(alder):
        discussion = make_discussion(member, title="canary of alder")
    everywhere = client_of(operator, "platform")
    replayed = client_for(alder)
    replayed.cookies = everywhere.cookies

    for path in ("/", "/discussions/", f"/discussions/{discussion.id}/", "/members/", "/suppliers/", "/manage/"):
        for client in (replayed, client_of(operator, alder)):
            response = client.get(path)
            assert (response.status_code, response.headers["Location"]) == (302, f"/sign-in/?next={path}"), path
            assert "canary" not in response.content.decode()
    for path in ("/api/v1/discussions/", "/api/v1/members/", f"/api/v1/discussions/{discussion.id}/"):
        response = token_client(operator, "platform", on=alder).get(path)
        assert response.status_code == 401
        assert "canary" not in response.content.decode()


def test_an_operator_cannot_take_the_owners_place(rowan, operator, client_for):
    """The operator sees that an invitation was sent; following a link needs the owner's mailbox."""
    link = services.bring_on_line(rowan, by=BY).invitation
    path = link.partition("localhost:8000")[2]
    client = client_of(operator, rowan)

    page = client.get(path)
    guess = client.post(f"{path}details/", {"name": "Olive Operator"})

    assert page.status_code == 200
    assert guess.status_code in (302, 403, 404)
    with in_network(rowan):
        assert not Member.objects.exists()


def test_the_console_shows_nothing_of_what_a_network_holds(alder, console):
    member = make_member(alder, name="Priya Raman")
    with in_network(alder):
        make_discussion(member, title="canary of alder")

    for page in ("/operator/", address_of(alder), "/operator/jobs/"):
        text = text_of(console.get(page))
        assert "canary" not in text
        assert "Priya" not in text


# The list


def test_list_shows_each_network_as_it_is(alder, birch, rowan, console):
    make_member(alder)
    set_state(birch, NetworkState.SUSPENDED)
    Network.objects.filter(id=alder.id).update(last_active_at=timezone.now())

    response = console.get("/operator/")

    rows = {row["subdomain"]: (row["label"], row["members"], row["active"]) for row in response.context["rows"]}
    now = timezone.localtime()
    assert rows == {
        "alder": ("Live", 1, f"{now:%H:%M}"),
        "birch": ("Suspended", 0, "Not yet"),
        "rowan": ("Being set up", 0, "Not yet"),
    }
    assert "3 networks, 1 being set up." in text_of(response)
    assert "Setting up Rowan" in text_of(response)


def test_list_says_what_needs_a_person(rowan, console):
    set_state(rowan, NetworkState.FAILED, failed_step="sharing")

    text = text_of(console.get("/operator/"))

    assert "3 networks, 1 needs you." in text
    assert "Rowan stopped at “Joining the Collective”." in text


def test_list_says_how_many_need_a_person_where_each_would_fill_the_page(alder, birch, console):
    for number in range(4):
        failed = services.request_network(
            name=f"Rowan {number}", subdomain=f"rowan{number}", owner_email="o@rowan.example", by=Actor.system()
        )
        set_state(failed, NetworkState.FAILED, failed_step="sharing")
        waits = services.request_network(
            name=f"Hazel {number}", subdomain=f"hazel{number}", owner_email="o@hazel.example", by=Actor.system()
        )
        Network.objects.filter(id=waits.id).update(state="live", release="older")
        Upgrade.objects.create(network=waits, release=current_release(), state="failed")
    Network.objects.filter(id__in=[alder.id, birch.id]).update(state="seeded")

    page = console.get("/operator/")
    behind = console.get("/operator/?state=not-upgraded")

    assert [(each["what"], each["url"]) for each in page.context["stopped"]] == [
        ("4 networks stopped on their way.", "/operator/?state=failed"),
        ("4 networks could not be upgraded.", "/operator/?state=not-upgraded"),
    ]
    assert {row["name"] for row in behind.context["rows"]} == {f"Hazel {number}" for number in range(4)}
    assert '<option value="not-upgraded" selected>' in behind.text


def test_list_says_how_many_more_are_being_set_up(alder, birch, rowan, console):
    Network.objects.filter(type="network").update(state="seeded")
    assert "being set up</a>" not in console.get("/operator/").text

    services.request_network(name="Hazel", subdomain="hazel", owner_email="o@hazel.example", by=Actor.system())

    page = console.get("/operator/").text
    assert '<a href="/operator/?state=setting-up">1 more network being set up</a>' in page


def test_list_without_networks_says_what_to_do(db, console):
    Network.objects.filter(type="network").delete()

    text = text_of(console.get("/operator/"))

    assert "0 networks." in text
    assert "No networks yet" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=alder", ["alder"]),
        ("?q=ALDER network", ["alder"]),
        ("?q=bursars", ["rowan", "birch"]),
        ("?state=live", ["birch", "alder"]),
        ("?state=setting-up", ["rowan"]),
        ("?state=live&q=birch", ["birch"]),
        ("?state=failed", []),
        ("?q=nothing like it", []),
        ("?state=nonsense", ["rowan", "birch", "alder"]),
        ("?state=%00", ["rowan", "birch", "alder"]),
        ("?q=%00%00", ["rowan", "birch", "alder"]),
        ("?q=%25", []),
        ("?q=_", []),
        ("?q='; DROP TABLE tenants_network; --", []),
        ("?page=99999999999999999999", ["rowan", "birch", "alder"]),
        ("?page=-1&page=x", ["rowan", "birch", "alder"]),
        ("?q=" + "a " * 500, ["rowan", "birch", "alder"]),
        ("?q=<script>alert(1)</script>", []),
        ("?q=%ed%b3%bf", []),
        ("?q=%ff%fe", []),
    ],
)
def test_list_finds_networks_and_bears_anything(alder, birch, rowan, console, query, found):
    Network.objects.filter(id=rowan.id).update(name="Rowan Bursars")

    response = console.get(f"/operator/{query}")

    assert response.status_code == 200
    assert [row["subdomain"] for row in response.context["rows"]] == found
    assert "<script>alert" not in response.content.decode()


def test_list_is_in_pages(alder, console):
    Network.objects.bulk_create(
        Network(name=f"Wood {n}", subdomain=f"wood{n}", schema_name=f"n_wood{n}", state="live") for n in range(60)
    )

    first, second = console.get("/operator/"), console.get("/operator/?page=2")

    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 12)
    assert "1 to 50 of 62" in text_of(first)


@pytest.mark.parametrize("path", ["/operator/", "/operator/jobs/"])
def test_list_costs_the_same_with_more_networks(alder, birch, console, path):
    Network.objects.filter(subdomain="birch").update(type="collective")
    one = queries(console, path)

    Network.objects.filter(subdomain="birch").update(type="network")
    services.request_network(name="Rowan", subdomain="rowan", owner_email="owner@rowan.example", by=BY)
    first_with_steps = queries(console, path)
    for number in range(2):
        services.request_network(
            name=f"Rowan {number}", subdomain=f"rowan-{number}x", owner_email="owner@rowan.example", by=BY
        )

    assert queries(console, path) == first_with_steps == one + (1 if path == "/operator/" else 0)
    assert one <= 17


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


# A new network


def test_new_network_is_asked_for_and_a_job_brings_it_on_line(db, console, operator):
    response = console.post("/operator/networks/new/", NEW | {"template": "bare", "examples": "on"})

    network = Network.objects.get(subdomain="rowan")
    assert (network.template, network.begins_with_examples) == ("bare", True)
    assert response.headers["Location"] == address_of(network)
    assert (network.name, network.owner_email, network.region) == ("Rowan Bursars", NEW["owner_email"], "South East")
    event = PlatformEvent.objects.get(target_id=network.id)
    assert (event.name, event.actor_id, event.via) == ("operator.network.requested", operator.id, "page")
    assert network.state == NetworkState.REQUESTED

    Worker().drain()

    network.refresh_from_db()
    assert network.state == NetworkState.LIVE


def test_new_network_has_the_chosen_plan_on_trial(db, console):
    console.post("/operator/networks/new/", NEW | {"plan": "small"})

    assert Subscription.objects.get(network__subdomain="rowan").plan.code == "small"
    refused = console.post("/operator/networks/new/", NEW | {"subdomain": "hazel", "plan": "golden"})
    assert list(refused.context["form"].errors) == ["plan"]


def test_new_network_shows_its_progress_as_it_happens(rowan, console):
    """Before, during, when failed and after: each step with its state, and the page asks again until it is settled."""
    seen = []

    def look(_network: Network) -> None:
        with in_public():
            seen.append(states_of(console.get(address_of(rowan, "progress"))))

    lifecycle.register_step(lifecycle.Step("look", "Looking", NetworkState.SEEDED, look, order=28))
    try:
        before = console.get(address_of(rowan))
        services.bring_on_line(rowan, by=BY)
        after = console.get(address_of(rowan))
    finally:
        del lifecycle._steps["look"]

    assert set(states_of(before)[1:]) == {"next"}
    assert seen == [["done", *["done"] * 5, "now", *["next"] * 6]]
    assert set(states_of(after)) == {"done"}
    assert "data-poll" in before.content.decode()
    assert "data-poll" not in after.content.decode()


def states_of(response) -> list[str]:
    return [step["state"] for step in response.context["steps"]]


def test_failed_network_shows_the_step_and_the_kind_of_error(rowan, console):
    def fail(_network: Network) -> None:
        raise ZeroDivisionError("a secret value")

    lifecycle.register_step(lifecycle.Step("flaky", "Flaking", NetworkState.SEEDED, fail, order=99))
    try:
        with pytest.raises(lifecycle.StepFailedError):
            services.bring_on_line(rowan, by=BY)
        response = console.get(address_of(rowan))
    finally:
        del lifecycle._steps["flaky"]

    text = text_of(response)
    assert "It stopped at “Flaking”." in text
    assert "Failed: ZeroDivisionError" in text
    assert "secret" not in text
    assert "data-poll" not in response.content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u202eevil"}, "name"),
        ({"name": "a" * 81}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"subdomain": ""}, "subdomain"),
        ({"subdomain": "www"}, "subdomain"),
        ({"subdomain": "../x"}, "subdomain"),
        ({"subdomain": "alder"}, "subdomain"),
        ({"subdomain": "a" * 500}, "subdomain"),
        ({"owner_email": "nobody"}, "owner_email"),
        ({"template": "nothing"}, "template"),
        ({"owner_email": f"{'a' * 60}@{'b.' * 120}example"}, "owner_email"),
        ({"owner_email": '"\x01"@wood.example'}, "owner_email"),
        ({"region": "a" * 41}, "region"),
        ({"region": "\u202eevil"}, "region"),
    ],
)
def test_new_network_says_what_is_wrong_and_makes_nothing(alder, console, change, field):
    before = Network.objects.count()

    response = console.post("/operator/networks/new/", NEW | change)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "<title>Error: Put a network on line" in response.content.decode()
    assert Network.objects.count() == before
    assert not DBTaskResult.objects.filter(task_path__contains="bring_on_line").exists()


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{ 7*7 }} network", "'; DROP TABLE x; --", "Ynys Môn & Sons"]
)
def test_a_strange_name_is_shown_as_text(db, console, name):
    console.post("/operator/networks/new/", NEW | {"name": name})
    network = Network.objects.get(subdomain="rowan")

    for path in ("/operator/", address_of(network), address_of(network, "remove")):
        body = console.get(path).content.decode()
        assert "<script>alert" not in body
        assert name in text_of(console.get(path)).replace("&amp;", "&").replace("&#x27;", "'") or "<" in name


def test_asking_again_sends_the_owner_a_fresh_invitation(alder, console):
    same = {"name": alder.name, "subdomain": "alder", "owner_email": alder.owner_email}

    assert console.post("/operator/networks/new/", same).headers["Location"] == address_of(alder)

    assert DBTaskResult.objects.filter(task_path__contains="bring_on_line").count() == 1


def test_asking_for_a_suspended_network_says_so(alder, console):
    set_state(alder, NetworkState.SUSPENDED)

    response = console.post(
        "/operator/networks/new/", {"name": alder.name, "subdomain": "alder", "owner_email": alder.owner_email}
    )

    assert "Alder SBM Network is suspended. Reactivate it first." in text_of(response)


# Acts


@pytest.mark.parametrize("act", ["suspend", "remove"])
def test_what_others_notice_is_asked_before(alder, console, act):
    text = text_of(console.get(address_of(alder, act)))

    assert f"{act.capitalize()} this network?" in text
    assert "Alder SBM Network" in text


@pytest.mark.parametrize(
    ("act", "before", "after", "event"),
    [
        ("suspend", "live", "suspended", "operator.network.suspended"),
        ("reactivate", "suspended", "live", "operator.network.reactivated"),
        ("again", "live", "live", "operator.network.started_again"),
        ("again", "failed", "failed", "operator.network.started_again"),
    ],
)
def test_an_act_is_done_and_recorded(alder, birch, console, operator, act, before, after, event):
    set_state(alder, NetworkState(before))

    response = console.post(address_of(alder, act))

    assert response.headers["Location"] == address_of(alder)
    assert Network.objects.get(id=alder.id).state == after
    assert Network.objects.get(id=birch.id).state == NetworkState.LIVE
    recorded = PlatformEvent.objects.get(target_id=alder.id)
    assert (recorded.name, recorded.actor_id, recorded.via) == (event, operator.id, "page")


@pytest.mark.parametrize(
    ("act", "state"),
    [
        ("suspend", "suspended"),
        ("suspend", "failed"),
        ("reactivate", "live"),
        ("reactivate", "closed"),
        ("remove", "live"),
        ("remove", "suspended"),
        ("remove", "closed"),
        ("again", "suspended"),
        ("again", "closed"),
    ],
)
def test_an_act_out_of_place_is_refused_with_words(alder, console, act, state):
    set_state(alder, NetworkState(state))

    response = console.post(address_of(alder, act), follow=True)

    assert response.status_code == 200
    assert "flash-bad" in response.content.decode()
    assert Network.objects.get(id=alder.id).state == state
    assert not PlatformEvent.objects.filter(target_id=alder.id).exists()


def test_suspension_can_be_undone_from_the_next_page(alder, console):
    response = console.post(address_of(alder, "suspend"), follow=True)
    assert f'action="{address_of(alder, "reactivate")}"' in response.content.decode()

    console.post(address_of(alder, "reactivate"))

    assert Network.objects.get(id=alder.id).state == NetworkState.LIVE


@pytest.mark.django_db(transaction=True)
def test_removing_leaves_nothing(rowan, console):
    services.bring_on_line(rowan, by=BY)
    set_state(rowan, NetworkState.FAILED)

    response = console.post(address_of(rowan, "remove"), follow=True)

    assert response.redirect_chain == [("/operator/", 302)]
    assert "Rowan is being removed. It leaves the list in a moment." in text_of(response)
    Worker().drain()
    assert not Network.objects.filter(id=rowan.id).exists()
    assert console.get(address_of(rowan)).status_code == 404


def test_a_fresh_invitation_is_offered_until_somebody_has_come(alder, console):
    words = "Send the owner a fresh invitation"
    assert words in text_of(console.get(address_of(alder)))

    make_member(alder)

    assert words not in text_of(console.get(address_of(alder)))


@pytest.mark.parametrize("act", ["live", "delete", "SUSPEND", "x" * 300])
@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_acts_are_not_found(alder, console, act, method):
    assert getattr(console, method)(address_of(alder, act)).status_code == 404


@pytest.mark.parametrize("page", PAGES[3:])
def test_unknown_networks_are_not_found(db, console, page):
    collective = Network.objects.get(type="collective")

    for network_id in (uuid4(), collective.id, "x"):
        assert console.get(f"/operator/{page.format(id=network_id)}").status_code == 404


# Jobs


def fail_a_job(network: Network) -> DBTaskResult:
    """Return a row of a network's job that has failed for good."""
    tasks.bring_on_line.enqueue(network_id=network.id)
    row = DBTaskResult.objects.get(task_path__contains="bring_on_line")
    row.args_kwargs["network"] = str(network.id)
    row.status, row.exception_class_path, row.traceback = "FAILED", "builtins.ValueError", "services.py:1 here"
    row.finished_at, row.worker_ids = timezone.now() - timedelta(minutes=1), ["x"] * 5
    row.save()
    return row


def test_jobs_shows_what_failed_where(alder, console):
    row = fail_a_job(alder)

    text = text_of(console.get("/operator/jobs/"))

    for words in ("operator.network.bring_on_line", "Alder SBM Network", "builtins.ValueError", str(row.id)):
        assert words in text
    assert "No worker is running." in text
    assert "1 to look at" in text_of(console.get("/operator/"))


def test_a_failed_job_runs_again(alder, console, operator):
    row = fail_a_job(alder)

    response = console.post("/operator/jobs/again/", {"job": str(row.id)}, follow=True)

    row.refresh_from_db()
    assert (row.status, row.worker_ids) == ("READY", [])
    assert "No failed jobs" in text_of(response)
    event = PlatformEvent.objects.get(name="operator.job.retried")
    assert (event.target_id, event.actor_id) == (row.id, operator.id)


def test_a_job_that_is_not_failed_is_left(alder, console):
    row = fail_a_job(alder)
    DBTaskResult.objects.update(status="SUCCESSFUL")

    response = console.post("/operator/jobs/again/", {"job": str(row.id)}, follow=True)

    assert "not failed any more" in text_of(response)
    assert not PlatformEvent.objects.filter(name="operator.job.retried").exists()


@pytest.mark.parametrize("job", ["", "x", "\x00", "../../etc", "1" * 1000])
def test_no_job_is_not_found(db, console, job):
    assert console.post("/operator/jobs/again/", {"job": job}).status_code == 404
