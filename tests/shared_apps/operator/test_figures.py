"""The overview and /metrics: for operators alone, in figures alone, in as many queries however many networks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client.parser import text_string_to_metric_families

from shared_apps.jobs.models import Worker
from shared_apps.mail import tasks as mail_tasks
from shared_apps.monitoring.models import NetworkDay, NetworkSize
from shared_apps.operator import metering
from tenants.ids import new_id
from tenants.models import Network
from tests.builders.accounts import client_of, make_account

TOKEN = "a-token-of-some-length-and-more"
BEARER = {"authorization": f"Bearer {TOKEN}"}


def scraped(text: str) -> dict[str, dict]:
    """Return each figure by its name and then by its only label, or by nothing."""
    return {
        family.name: {next(iter(sample.labels.values()), ""): sample.value for sample in family.samples}
        for family in text_string_to_metric_families(text)
    }


def more_networks(*numbers: int) -> None:
    now, today = timezone.now(), timezone.localdate()
    for number in numbers:
        network = Network.objects.create(
            name=f"Network {number}", subdomain=f"more-{number}", schema_name=f"m_{number}"
        )
        NetworkDay.objects.create(network=network, day=today, was_used=True, mail_sent=9, mail_bounced=number + 1)
        NetworkSize.objects.create(network=network, file_bytes=number, table_bytes=5, measured_at=now)


@pytest.fixture
def token(settings) -> None:
    settings.METRICS_TOKEN = TOKEN


@pytest.mark.usefixtures("token")
def test_metrics_are_for_operators_and_prometheus_alone(alder, console, client_for):
    member = make_account(alder, email="jo@alder.example")
    strange = [client_for("platform"), client_of(member, "platform")]

    assert [client.get("/metrics").status_code for client in strange] == [404, 404]
    assert [client.post("/metrics").status_code for client in strange] == [404, 404]
    for header in ("", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer é"):
        assert client_for("platform").get("/metrics", headers={"authorization": header}).status_code == 404
    assert console.get("/metrics").status_code == 200
    assert client_for("platform").get("/metrics", headers=BEARER).status_code == 200


def test_metrics_without_a_token_in_the_environment_take_none(db, client_for, settings):
    assert settings.METRICS_TOKEN == ""
    assert client_for("platform").get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("host", ["alder", "collective"])
def test_metrics_are_on_the_platforms_host_only(alder, operator, host):
    client = client_of(operator, alder if host == "alder" else host)

    assert client.get("/metrics", headers=BEARER).status_code == 404


def test_metrics_say_how_the_platform_is_and_name_no_network(alder, birch, console):
    NetworkDay.objects.create(network=alder, day=timezone.localdate(), mail_sent=3, mail_bounced=1)
    NetworkDay.objects.create(network=birch, day=timezone.localdate(), mail_sent=4, mail_held=2)
    DBTaskResult.objects.all().delete()
    mail_tasks.send_network_message.enqueue_for(alder.id, message_id=str(new_id()))
    Worker.objects.create(
        host="w", pid=1, started_at=timezone.now(), heartbeat_at=timezone.now() - timedelta(seconds=9)
    )
    client_of(make_account(alder), alder).get("/account/")

    response = console.get("/metrics")

    found = scraped(response.content.decode())
    assert response.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert found["sbm_networks"] == {"live": 2}
    assert found["sbm_networks_release"] == {"current": 2}
    assert found["sbm_mail_today"] == {"sent": 7, "bounced": 1, "held": 2, "complained": 0}
    assert found["sbm_jobs_waiting"]["mail.message.send"] == 1
    assert found["sbm_jobs_failed"]["mail.message.send"] == 0
    assert 0 <= found["sbm_jobs_oldest_seconds"]["mail.message.send"] < 60
    assert 9 <= found["sbm_worker_heartbeat_seconds"][""] < 60
    assert sum(found["sbm_database_connections"].values()) >= 1
    assert found["sbm_database_connections_max"][""] >= 10
    text = response.content.decode()
    assert 'sbm_requests_total{host="network",route="' in text
    assert not [word for word in ("alder", "birch", "Priya", str(alder.id)) if word in text]


def test_metrics_take_as_many_queries_for_many_networks(console):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert console.get("/metrics").status_code == 200
        return len(asked)

    queries()
    before = queries()
    more_networks(1, 2, 3)

    assert queries() == before <= 12


def test_exposition_can_be_read_whole(db):
    names = list(scraped(metering.exposition().decode()))

    assert len(names) == len(set(names))


# The overview


def test_overview_draws_every_figure(alder, birch, console):
    today = timezone.localdate()
    NetworkDay.objects.create(network=birch, day=today, was_used=True, mail_sent=40, mail_bounced=2, mail_complained=1)
    NetworkSize.objects.create(network=alder, file_bytes=2**30, table_bytes=2**29, measured_at=timezone.now())
    mail_tasks.send_network_message.enqueue_for(alder.id, message_id=str(new_id()))

    text = " ".join(console.get("/operator/figures/").content.decode().split())

    for words in (
        "2 (5.0 %)",
        "1.5 GB",
        "mail.message.send",
        "1 at most",
        "No worker has run",
        "2 came back, 0 held",
        "Free trial",
        "Paid in 28 days",
        "£0 of it refunded, £0 credited; £0 owed",
    ):
        assert words in text


def test_overview_is_there_when_there_is_nothing_to_draw(console):
    response = console.get("/operator/figures/")

    assert response.status_code == 200
    assert "Nothing came back" in response.content.decode()


def test_overview_takes_as_many_queries_for_many_networks(alder, console):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert console.get("/operator/figures/").status_code == 200
        return len(asked)

    queries()
    more_networks(1)
    before = queries()
    more_networks(2, 3, 4)

    assert queries() == before <= 16
