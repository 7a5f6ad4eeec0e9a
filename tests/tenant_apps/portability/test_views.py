"""An owner asks for the archive, has it for a week, and nobody else does."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shared_apps.accounts.selectors import account_of_email
from shared_apps.audit.models import Event
from shared_apps.jobs.worker import Worker
from tenant_apps.portability import keeping, services
from tenant_apps.portability.archive import Progress, only_writer
from tenant_apps.portability.enums import ExportState
from tenant_apps.portability.models import Export
from tenant_apps.portability.services import exporting, owning
from tenants.context import in_network
from tenants.ids import random_id
from tests.builders.accounts import token_client
from tests.builders.discussions import make_discussion
from tests.builders.members import client_of, make_member
from tests.builders.pages import count_queries, text_of

PAGE, API = "/manage/export/", "/api/v1/exports/"


@pytest.fixture
def owner(alder):
    return make_member(alder, name="Olive Owner", role="owner")


@pytest.fixture
def organiser(alder):
    return make_member(alder, name="Otto Organiser", role="organiser")


def test_owner_asks_for_an_archive_and_has_it_for_a_week(alder, owner, django_capture_on_commit_callbacks):
    client = client_of(owner, alder)
    with in_network(alder):
        make_discussion(owner, title="Who mends boilers?")

    client.post(PAGE)
    assert "is being written" in text_of(client.get(PAGE))
    Worker().drain()

    with in_network(alder):
        export = Export.objects.get()
    assert (export.state, export.expires_at - export.ready_at) == (ExportState.READY, timedelta(days=7))
    assert "Download" in text_of(client.get(PAGE))
    answer = client.post(f"{PAGE}{export.id}/download/")
    archive = b"".join(answer.streaming_content)
    assert len(archive) == export.size
    assert "alder-" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    assert any(
        b"boilers" in ZipFile(io.BytesIO(archive)).read(name) for name in ZipFile(io.BytesIO(archive)).namelist()
    )
    with in_network(alder):
        names = set(Event.objects.filter(target_id=export.id).values_list("name", "actor_id"))
        assert names == {(f"portability.export.{act}", owner.account_id) for act in ("asked", "downloaded")}
        Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        with django_capture_on_commit_callbacks(execute=True):
            assert services.sweep_exports() == 1
        assert not keeping.place_of(export.id).exists()
    assert client.post(f"{PAGE}{export.id}/download/", follow=True).redirect_chain
    assert "Removed" in text_of(client.get(PAGE))


def test_download_that_needs_a_proof_comes_back_to_the_list(alder, owner, settings):
    with in_network(alder):
        export = Export.objects.create(asked_by=owner)
    settings.SECOND_STEP_REQUIRED = True

    client = client_of(owner, alder)
    answer = client.post(f"{PAGE}{export.id}/download/")

    assert (answer.status_code, answer["Location"]) == (302, PAGE)  # and not a page that a download leaves there
    assert "/account/" in client.get(PAGE)["Location"]  # where the proof is asked for


def test_programs_have_the_same(alder, owner, organiser):
    program = token_client(account_of_email(owner.email), alder)

    made = program.post(API)
    assert made.status_code == 202
    Worker().drain()

    one = f"{API}{made.json()['id']}/"
    shown = program.get(one).json()
    assert shown["state"] == "ready"
    for key in ({}, {"Idempotency-Key": "once"}, {"Idempotency-Key": "once"}):
        answer = program.post(f"{one}download/", content_type="application/json", headers=key)
        assert len(b"".join(answer.streaming_content)) == shown["size"]
    assert [each["id"] for each in program.get(API).json()["results"]] == [made.json()["id"]]
    assert program.delete(one).status_code == 204
    assert program.post(f"{one}download/").status_code == 409
    other = token_client(account_of_email(organiser.email), alder)
    answers = [other.get(API), other.post(API), other.get(one), other.post(f"{one}download/"), other.delete(one)]
    assert {answer.status_code for answer in answers} == {403}


def test_only_one_is_written_at_a_time(alder, owner):
    with in_network(alder):
        assert services.ask_for_export(by=owner) == services.ask_for_export(by=owner)


def test_two_owners_who_ask_at_once_have_one(in_alder, owner, monkeypatch):
    other = make_member(in_alder, name="Oona Other", role="owner")
    monkeypatch.setattr(owning, "export_under_way", lambda: None)  # neither sees what the other has not committed

    first, second = (services.ask_for_export(by=each) for each in (owner, other))

    assert (first, Event.objects.filter(name="portability.export.asked").count()) == (second, 1)


def test_nobody_but_owners_sees_the_page(alder, owner, organiser, client_for):
    refused = client_of(organiser, alder).get(PAGE)

    assert refused.status_code == 403
    assert "Olive Owner can help" in text_of(refused)
    assert client_for(alder).get(PAGE).status_code == 302
    assert "Take everything with you" not in text_of(client_of(organiser, alder).get("/manage/"))
    assert "Take everything with you" in text_of(client_of(owner, alder).get("/manage/"))
    with in_network(alder), pytest.raises(services.NotAllowedError, match="Only owners"):
        services.ask_for_export(by=organiser)


def test_page_says_how_far_it_is_in_a_fixed_number_of_queries(alder, owner):
    client = client_of(owner, alder)
    with in_network(alder):
        Export.objects.create(asked_by=owner, state=ExportState.FAILED)
    one = count_queries(client, PAGE)
    with in_network(alder):
        for _ in range(2):
            Export.objects.create(asked_by=owner, state=ExportState.FAILED)
        running = Export.objects.create(asked_by=owner, state=ExportState.RUNNING)
        keeping.note(running.id, Progress("files", 3, 7))

    assert count_queries(client, PAGE) == one
    page = client.get(PAGE).content.decode()
    assert 'max="7"' in page or "3 of 7" in page


def test_an_archive_that_never_ends_is_stopped_from_the_page(alder, owner):
    client = client_of(owner, alder)
    with in_network(alder):
        running = Export.objects.create(asked_by=owner, state=ExportState.RUNNING)
    assert f"/manage/export/{running.id}/remove/" in client.get(PAGE).content.decode()

    client.post(f"/manage/export/{running.id}/remove/")

    assert "Write an archive" in client.get(PAGE).content.decode()
    with in_network(alder):
        assert Export.objects.get().state == ExportState.GONE


def test_sweep_gives_up_what_its_job_gave_up(alder, owner):
    with in_network(alder):
        Export.objects.create(asked_by=owner, asked_at=timezone.now() - timedelta(days=2))

        services.sweep_exports()

        assert Export.objects.get().state == ExportState.FAILED


def test_sweep_leaves_what_is_begun_meanwhile(in_alder):
    begun, left = (keeping.place_of(random_id()) for _ in range(2))
    left.touch()

    def nothing_is_named_yet():
        begun.touch()
        return set()

    keeping.remove_all_but(nothing_is_named_yet)

    assert (begun.exists(), left.exists()) == (True, False)


def test_a_second_job_waits_for_one_that_was_thought_dead(alder, owner):
    with in_network(alder):
        export = services.ask_for_export(by=owner)
        place = keeping.place_of(export.id)
    with only_writer(place):
        Worker().drain()

    (again,) = DBTaskResult.objects.filter(run_after__gt=timezone.now())
    assert again.args_kwargs["kwargs"] == {"export_id": str(export.id)}
    with in_network(alder):
        assert Export.objects.get().state == ExportState.WAITING
        services.write_export(export.id)
        written = place.stat()
        services.write_export(export.id)
        assert Export.objects.get().state == ExportState.READY
    assert place.stat() == written


@pytest.mark.parametrize("end", [ExportState.GONE, ExportState.FAILED])
def test_a_job_that_stood_still_brings_nothing_back(in_alder, owner, monkeypatch, end):
    """Its archive was removed, or given up after a day, when it had just become whole."""
    export, go_on = services.ask_for_export(by=owner), exporting.record

    def wake(*args, **kwargs):
        if end == ExportState.GONE:
            services.remove_export(Export.objects.get(), by=owner)
        else:
            Export.objects.update(asked_at=timezone.now() - timedelta(days=2))
            services.sweep_exports()
        go_on(*args, **kwargs)

    monkeypatch.setattr(exporting, "record", wake)
    services.write_export(export.id)

    assert Export.objects.get().state == end
    assert list(keeping.place_of(export.id).parent.glob(f"{export.id}*")) == []


def test_a_job_whose_bytes_were_removed_ends_quietly(in_alder, owner, monkeypatch):
    export, go_on = services.ask_for_export(by=owner), exporting.write_sheets

    def wake(*args):
        keeping.remove(export.id)
        go_on(*args)

    monkeypatch.setattr(exporting, "write_sheets", wake)
    services.write_export(export.id)

    assert Export.objects.get().state == ExportState.FAILED
    assert list(keeping.place_of(export.id).parent.glob(f"{export.id}*")) == []
