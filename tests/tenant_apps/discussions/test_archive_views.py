"""The organisers' pages of mailing lists, and the command that does the same."""

from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from tenant_apps.discussions import services
from tenant_apps.discussions.models import Archive, Category, Discussion, Reply
from tenant_apps.members.enums import Role
from tenants.context import in_network, in_public
from tests.builders.hostile import dangers_in
from tests.builders.mailing_lists import BEGAN, message
from tests.builders.members import client_of, make_member

LIST = message(message_id="<1@x>", subject="<b>Boiler</b>?") + message(
    message_id="<2@x>", references=["<1@x>"], subject="Re: <b>Boiler</b>?", text="<script>alert(1)</script>"
)
URL = "/manage/archives/"


@pytest.fixture
def owner(in_alder):
    services.seed_categories()
    return make_member(in_alder, name="Helen Marsh", role=Role.OWNER)


class Browser:
    """Somebody's browser; a request ends in no network, and the test goes on in its own."""

    def __init__(self, member, network):
        self.client = client_of(member, network)

    def get(self, *args, **kwargs):
        with in_public():
            return self.client.get(*args, **kwargs)

    def post(self, *args, **kwargs):
        with in_public():
            return self.client.post(*args, **kwargs)


def upload(client, content=LIST, name="sbm.mbox"):
    category = Category.objects.get(name="Energy")
    return client.post(URL, {"file": SimpleUploadedFile(name, content), "category": category.id})


def test_upload_look_bring_and_undo(owner, in_alder):
    client = Browser(owner, in_alder)

    page = upload(client)
    archive = Archive.objects.get()
    here = f"{URL}{archive.id}/"
    assert (page.status_code, page["Location"]) == (302, here)
    assert "Look again" in client.get(here).text

    services.plan_archive(archive.id)
    shown = client.get(here)
    assert "1 discussion and 1 reply in Energy" in shown.text
    assert dangers_in(shown) == []

    client.post(f"{here}bring/")
    services.bring_archive(archive.id)
    discussion = Discussion.objects.get()
    assert "Take it out again" in client.get(here).text
    assert dangers_in(client.get(f"/discussions/{discussion.id}/")) == []
    assert Reply.objects.get().created_at == BEGAN

    assert "1 discussion and 1 reply" in client.get(f"{here}undo/").text
    client.post(f"{here}undo/")
    services.undo_archive(archive.id)
    assert "What this archive brought is gone" in client.get(here).text
    assert Discussion.objects.count() == 0


def test_discard_forgets_the_upload(owner, in_alder):
    client = Browser(owner, in_alder)
    upload(client)
    archive = Archive.objects.get()

    page = client.post(f"{URL}{archive.id}/discard/", follow=True)

    assert "sbm.mbox is deleted" in page.text
    assert Archive.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04", "This is a ZIP file"),
        (b"<!DOCTYPE html><p>Sign in", "This is a web page"),
        (b"Return-Path: <a@b.example>", "This is one email"),
        (b"!BDN", "Outlook data file"),
        (b"\x1f\x8b\x08", "packed file"),
        (b"", "The file is empty"),
    ],
)
def test_upload_of_something_else_says_what_to_do(owner, in_alder, content, words):
    page = upload(Browser(owner, in_alder), content)

    assert (page.status_code, words in page.text, Archive.objects.count()) == (422, True, 0)


def test_upload_that_is_too_large_names_the_command(owner, in_alder, monkeypatch):
    monkeypatch.setattr("tenant_apps.discussions.services.archives.MAX_ARCHIVE_BYTES", 10)

    page = upload(Browser(owner, in_alder))

    assert (page.status_code, "manage.py import_mbox" in page.text) == (422, True)


def test_upload_takes_more_than_other_forms(owner, in_alder):
    page = upload(Browser(owner, in_alder), LIST + b"x\n" * 6_000_000)

    assert (page.status_code, Archive.objects.count()) == (302, 1)


def test_pages_are_for_organisers(owner, in_alder):
    member = Browser(make_member(in_alder), in_alder)
    upload(Browser(owner, in_alder))
    archive = Archive.objects.get()

    codes = [member.get(url).status_code for url in (URL, f"{URL}{archive.id}/", f"{URL}{archive.id}/undo/")]
    codes += [member.post(f"{URL}{archive.id}/{act}/").status_code for act in ("bring", "discard", "undo")]
    assert codes == [403] * 6


def test_archives_are_not_of_another_network(owner, in_alder, birch):
    upload(Browser(owner, in_alder))
    archive = Archive.objects.get()
    client = Browser(make_member(birch, name="Rob Casey", role=Role.OWNER), birch)
    codes = [client.get(f"{URL}{archive.id}/").status_code, client.post(f"{URL}{archive.id}/undo/").status_code]

    assert codes == [404, 404]


def test_list_takes_the_same_queries_for_one_archive_as_for_three(owner, in_alder):
    client = Browser(owner, in_alder)
    category = Category.objects.first()
    counts = []
    for more in (1, 2):
        for _ in range(more):
            Archive.objects.create(name="x", category=category, imported_by=owner)
        client.get(URL)
        with _counting() as seen:
            client.get(URL)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def _counting():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)


# The command --------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sbm.mbox"
    path.write_bytes(LIST)
    return path


def run(file, *more: str, network: str = "alder", category: str = "Energy") -> str:
    out = StringIO()
    with in_public():
        call_command("import_mbox", str(file), "--network", network, "--category", category, *more, stdout=out)
    return out.getvalue()


def test_command_dry_run_writes_nothing(owner, file):
    out = run(file, "--dry-run")

    assert "Into Energy: 1 discussions, 1 replies" in out
    assert out.endswith("Nothing was written: this was a dry run.\n")
    assert (Discussion.objects.count(), Archive.objects.count()) == (0, 0)


def test_command_brings_once(owner, file):
    assert "Brought in: 1 discussions, 1 replies." in run(file, category="energy")

    assert run(file).endswith("Nothing is new, and nothing was written.\n")
    assert (Discussion.objects.count(), Reply.objects.count(), Archive.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"network": "nowhere"}, r"There is no network nowhere on line\. Networks: .*alder"),
        ({"category": "Nothing"}, r"There is no category Nothing\. Categories: Buildings, Catering"),
    ],
)
def test_command_names_what_there_is(owner, file, wrong, words):
    with pytest.raises(CommandError, match=words):
        run(file, **wrong)


def test_command_refuses_what_is_no_file_or_no_mbox(owner, tmp_path):
    (tmp_path / "x.pdf").write_bytes(b"%PDF")

    with pytest.raises(CommandError, match=r"missing\.mbox cannot be read: No such file"):
        run(tmp_path / "missing.mbox")
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        run(tmp_path)
    with pytest.raises(CommandError, match=r"x\.pdf is no mbox"):
        run(tmp_path / "x.pdf")


def test_command_writes_only_into_its_network(owner, file, birch):
    run(file)

    with in_network(birch, joining_transaction=True):
        assert (Discussion.objects.count(), Archive.objects.count()) == (0, 0)
    assert timezone.now() > Discussion.objects.get().created_at
