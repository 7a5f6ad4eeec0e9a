"""Attaching and removing: who may, how much, and where the bytes are."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as current

from tenant_apps.discussions import services as discussions
from tenant_apps.files import selectors, services, storing
from tenant_apps.files.enums import INCLUDED_BYTES
from tenant_apps.files.models import StoredFile
from tenant_apps.members.enums import Role
from tenants.context import in_network
from tenants.lifecycle import remove, steps
from tenants.services import request_network
from tests.builders.discussions import make_discussion
from tests.builders.files import pdf, picture
from tests.builders.members import client_of, make_member


@pytest.fixture
def priya(in_alder):
    return make_member(in_alder)


@pytest.fixture
def asked(priya):
    return make_discussion(priya)


def attach(asked, by, name="quote.pdf", content=None):
    return services.attach(name, content or pdf(), kind="discussion", object_id=asked.id, by=by)


def folder(network) -> Path:
    return Path(current.MEDIA_ROOT) / "networks" / str(network.id)


def test_attach_keeps_bytes_in_the_networks_folder_under_a_random_name(in_alder, priya, asked):
    file = attach(asked, priya)

    assert (folder(in_alder) / file.path).read_bytes() == pdf() == storing.read(file.path)
    assert "quote" not in file.path
    assert (file.name, file.size, file.kind, file.object_id) == ("quote.pdf", len(pdf()), "discussion", asked.id)
    assert selectors.files_of([asked.id]) == {asked.id: [file]}
    assert selectors.storage_used() == file.size


def test_attach_a_picture_has_its_size(priya, asked):
    file = attach(asked, priya, "boiler.png", picture(size=(40, 30)))

    assert (file.width, file.height, file.is_image) == (40, 30, True)


def test_attach_is_for_who_wrote_it_and_moderators(in_alder, asked):
    tom = make_member(in_alder, name="Tom Whitlock")
    dawn = make_member(in_alder, name="Dawn Okafor", role=Role.MODERATOR)

    with pytest.raises(services.FileNotAllowedError):
        attach(asked, tom)
    assert attach(asked, dawn).member_id == dawn.id


def test_attach_to_no_kind_of_thing_is_refused(priya, asked):
    with pytest.raises(services.FileNotAllowedError):
        services.attach("a.pdf", pdf(), kind="nothing", object_id=asked.id, by=priya)


def test_attach_ten_fit(priya, asked):
    for _ in range(services.MAX_FILES):
        attach(asked, priya)

    with pytest.raises(services.FileRefusedError, match="one too many"):
        attach(asked, priya)


def test_remove_takes_row_and_bytes(in_alder, priya, asked, django_capture_on_commit_callbacks):
    file = attach(asked, priya)

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_file(file, by=priya)

    assert not StoredFile.objects.exists()
    assert not (folder(in_alder) / file.path).exists()


def test_remove_is_not_for_another_member(in_alder, priya, asked):
    file = attach(asked, priya)

    with pytest.raises(services.FileNotAllowedError):
        services.remove_file(file, by=make_member(in_alder, name="Tom Whitlock"))


def test_sweep_removes_bytes_without_a_row(in_alder, priya, asked, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept, stray = attach(asked, priya), storing.write(b"left by a failed upload")
    monkeypatch.setattr(services, "SWEPT_AFTER", timedelta(seconds=-1))

    assert services.sweep() == 1
    assert storing.read(kept.path)
    assert not (folder(in_alder) / stray).exists()


def test_storing_reads_nothing_outside_its_folder(in_alder):
    for path in ("../../etc/passwd", "/etc/passwd", "ab/../../x", "ab"):
        with pytest.raises(FileNotFoundError):
            storing.read(path)


def test_bytes_of_one_network_are_not_found_in_another(alder, birch):
    with in_network(alder):
        path = storing.write(b"alder's")

    with in_network(birch), pytest.raises(FileNotFoundError):
        storing.read(path)


def test_a_removed_network_takes_its_folder_along(db, django_capture_on_commit_callbacks):
    cedar = request_network(name="Cedar", subdomain="cedar", owner_email="o@cedar.example", region="West Midlands")
    folder(cedar).mkdir(parents=True)

    with django_capture_on_commit_callbacks(execute=True):
        remove(cedar)

    assert not folder(cedar).exists()
    assert "files" in [step.name for step in steps()]


def test_files_of_a_shared_discussion_stay_home(in_alder, priya, asked):
    from collective.publications.models import Publication
    from tenants.context import in_collective
    from tests.builders.discussions import share

    file = attach(asked, priya, "canary-name.pdf")
    publication_id = share(asked, priya).publication_id

    with in_collective(joining_transaction=True):
        shown = str(Publication.objects.filter(id=publication_id).values().get())
    assert "canary-name" not in shown
    assert str(file.id) not in shown


def test_a_reply_has_files_of_its_own(priya, asked):
    reply = discussions.post_reply(asked, body="Here it is.", by=priya)

    file = services.attach("quote.pdf", pdf(), kind="reply", object_id=reply.id, by=priya)

    assert selectors.files_of([asked.id, reply.id]) == {reply.id: [file]}


def test_storage_says_how_full_it_is(in_alder, priya, asked):
    file = attach(asked, priya)

    assert selectors.storage() == selectors.Storage(used=file.size, limit=INCLUDED_BYTES)
    assert selectors.Storage(used=1, limit=4).percent == 25


def test_the_desk_says_how_much_room_files_take(alder):
    owner = make_member(alder, name="Olu Owner", role=Role.OWNER)
    with in_network(alder):
        attach(make_discussion(owner), owner)

    page = client_of(owner, alder).get("/manage/")

    assert "1 KB of 10 GB. Nobody is stopped when it is full." in page.text
    assert '<progress class="bar-progress"' in page.text
