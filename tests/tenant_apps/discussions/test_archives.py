"""Archives are brought in with their people and dates, once, and taken out again without what members added."""

import io
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from shared_apps.audit.models import Event
from shared_apps.audit.services import Actor
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.enums import ArchiveState, ListView, Via
from tenant_apps.discussions.importing import keeping
from tenant_apps.discussions.importing.plan import make_plan
from tenant_apps.discussions.models import Archive, ArchivedMessage, Category, Discussion, ReadMark, Reply
from tenant_apps.discussions.services import bringing
from tenant_apps.discussions.services.bringing import Bringing
from tenant_apps.files.models import StoredFile
from tenant_apps.members import services as members
from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Invitation, Member
from tenant_apps.members.selectors import directory, former_members
from tenant_apps.notifications.models import News
from tenants.context import in_network, in_public
from tests.builders.mailing_lists import BEGAN, PEOPLE, MailingList, message, real_bodies
from tests.builders.members import make_member

DAY = timedelta(days=1)
OPENING = message(message_id="<1@x>", subject="[sbm] Boiler", text="Who replaces boilers?\n# 1 is taken")
REPLY = message(
    message_id="<2@x>",
    subject="Re: [sbm] Boiler",
    sender=PEOPLE[1],
    references=["<1@x>"],
    date=BEGAN + DAY,
    text="We use Warmth.\n\nOn Monday, Priya wrote:\n> Who replaces boilers?",
)
LATER = message(
    message_id="<3@x>",
    subject="Re: Boiler",
    sender=PEOPLE[0],
    references=["<2@x>"],
    date=BEGAN + 9 * DAY,
    text="Thanks.",
)
WITH_FILES = message(
    message_id="<4@x>",
    subject="Quotes",
    date=BEGAN + DAY,
    headers=[("MIME-Version", "1.0"), ("Content-Type", 'multipart/mixed; boundary="b"')],
    text=(
        "--b\nContent-Type: text/plain\n\nHere they are.\n\n"
        "--b\nContent-Type: text/csv; name=quotes.csv\nContent-Disposition: attachment\n\nname,price\nWarmth,20\n\n"
        "--b\nContent-Type: application/x-exe; name=quotes.exe\nContent-Disposition: attachment\n\nMZ\x00\x01\n\n"
        "--b--\n"
    ),
)


@pytest.fixture
def owner(in_alder):
    services.seed_categories()
    return make_member(in_alder, name="Helen Marsh", role=Role.OWNER)


def bring(*messages: bytes, name: str = "sbm.mbox", category: str = "Energy") -> Archive | None:
    file = io.BytesIO(b"".join(messages))
    plan = make_plan(file, known=selectors.archived_in, now=timezone.now())
    into = Category.objects.get(name=category)
    return (
        services.bring_planned(plan, file, name=name, category=into, by=Actor.system("test")) if plan.threads else None
    )


def undo(archive: Archive, owner: Member) -> Archive:
    services.start_undoing(archive, by=owner)
    services.undo_archive(archive.id)
    return Archive.objects.get(id=archive.id)


def everything() -> tuple[int, ...]:
    kinds = (Discussion, Reply, ArchivedMessage, ReadMark, Member, StoredFile)
    return tuple(kind.objects.count() for kind in kinds)


def test_bring_makes_a_discussion_of_a_thread(owner):
    archive = bring(OPENING, REPLY)

    discussion, reply = Discussion.objects.get(), Reply.objects.get()
    assert (discussion.title, discussion.body, discussion.kind, discussion.category.name) == (
        "Boiler",
        "Who replaces boilers?\n\\# 1 is taken",
        "question",
        "Energy",
    )
    assert (discussion.created_at, discussion.last_activity_at, discussion.reply_count) == (BEGAN, BEGAN + DAY, 1)
    assert (reply.body, reply.created_at, reply.author.name) == ("We use Warmth.", BEGAN + DAY, "Dawn Okafor")
    assert {discussion.via, reply.via} == {Via.ARCHIVE}
    assert (archive.state, archive.report["discussions"], archive.report["replies"]) == ("brought", 1, 1)


def test_bring_a_thousand_messages_once_and_quickly(owner):
    written = MailingList(bodies=real_bodies())
    archive = written.write(1_000)
    began = time.process_time()

    bring(archive)

    took, before = time.process_time() - began, everything()
    threads = dict(ArchivedMessage.objects.values_list("message_id", "discussion_id"))
    assert {frozenset(k for k, v in threads.items() if v == d) for d in threads.values()} == {
        frozenset(k for k, v in written.truth.items() if v == t) for t in written.truth.values()
    }
    assert bring(archive) is None
    assert (everything(), took < 60) == (before, True), took


def test_bring_a_longer_archive_adds_what_is_new_to_the_right_threads(owner):
    bring(OPENING)

    bring(OPENING, REPLY, LATER)

    discussion = Discussion.objects.get()
    assert [reply.body for reply in discussion.replies.all()] == ["We use Warmth.", "Thanks."]
    assert (discussion.reply_count, discussion.last_activity_at) == (2, BEGAN + 9 * DAY)


def test_bring_goes_on_where_it_stopped(owner, monkeypatch):
    monkeypatch.setattr(bringing, "AT_ONCE", 7)
    written = MailingList(seed=5)
    file = io.BytesIO(written.write(60))
    plan = make_plan(file, known=selectors.archived_in, now=timezone.now())
    archive = Archive.objects.create(name="x", category=Category.objects.first(), state=ArchiveState.BRINGING)
    calls = 0

    while not Bringing(Archive.objects.get(id=archive.id), plan, file, None).run(seconds=0):
        calls += 1

    assert calls >= 8
    assert ArchivedMessage.objects.count() == len(written.truth)
    for discussion in Discussion.objects.all():
        assert discussion.reply_count == discussion.replies.count()


def test_bring_tells_nobody_and_leaves_nothing_unread(owner, in_alder):
    early = Member.objects.get(id=owner.id)
    Member.objects.filter(id=owner.id).update(joined_at=BEGAN - DAY)
    early.refresh_from_db()

    bring(OPENING)
    bring(OPENING, REPLY)
    with in_public():
        Worker().drain()

    assert selectors.count_unread(early) == 0
    assert not selectors.discussions(early).get().is_unread
    assert set(Message.objects.values_list("kind", flat=True)) <= {"invitation"}  # the owner's
    assert News.objects.count() == 0
    services.post_reply(Discussion.objects.get(), body="Still true?", by=make_member(in_alder))
    assert selectors.count_unread(early) == 1


def test_bring_old_threads_sink_and_do_not_wait_for_an_answer(owner):
    new = services.start_discussion(title="New", body="Text", by=owner)

    bring(OPENING)

    assert [each.title for each in selectors.discussions(owner)] == ["New", "Boiler"]
    assert [each.id for each in selectors.discussions(owner, show=ListView.UNANSWERED)] == [new.id]
    assert selectors.count_unanswered() == 1


def test_bring_finds_members_and_lists_others(owner, in_alder):
    priya = make_member(in_alder, name="Priya Raman-Shah", email=PEOPLE[0][1])
    members.remove_member(priya, by=owner)

    archive = bring(OPENING, REPLY)

    other = Member.objects.get(state=MemberState.LISTED)
    assert Discussion.objects.get().author_id == priya.id
    assert (other.name, other.email, Reply.objects.get().author_id) == (*PEOPLE[1], other.id)
    assert (archive.report["matched"], archive.report["unmatched"]) == (1, ["Dawn Okafor"])
    assert other not in directory()
    assert other not in former_members()


def test_who_joins_takes_over_what_they_wrote(owner):
    bring(OPENING, REPLY)
    members.invite_member(email=PEOPLE[1][1], by=owner)
    listed = Member.objects.get(email=PEOPLE[1][1])

    account, member = members.accept_invitation(
        Invitation.objects.get(email=PEOPLE[1][1]), proved_email=PEOPLE[1][1], name="Dawn O.", via="page"
    )

    assert (member.id, member.state, member.account_id, member.name) == (listed.id, "active", account.id, "Dawn O.")
    assert Reply.objects.get().author == member
    assert selectors.count_unread(member) == 0


def test_bring_attaches_files_and_names_those_it_does_not(owner):
    archive = bring(WITH_FILES)

    assert [(each.name, each.member_id) for each in StoredFile.objects.all()] == [("quotes.csv", owner.id)]
    assert [each["name"] for each in archive.report["files_left"]] == ["quotes.exe"]


def test_undo_removes_exactly_what_was_brought(owner):
    services.start_discussion(title="Mine", body="Text", by=owner)
    before = everything()
    archive = bring(OPENING, REPLY, WITH_FILES)

    undone = undo(archive, owner)

    assert everything() == before
    assert (undone.state, undone.report["kept_count"]) == (ArchiveState.UNDONE, 0)
    assert bring(OPENING, REPLY) is not None


def test_undo_keeps_what_members_replied_to(owner):
    archive = bring(OPENING, REPLY, WITH_FILES)
    services.post_reply(Discussion.objects.get(title="Boiler"), body="Still true?", by=owner)

    undone = undo(archive, owner)

    assert [each.title for each in Discussion.objects.all()] == ["Boiler"]
    assert Reply.objects.count() == 2
    assert undone.report["kept"] == ["Boiler"]
    assert bring(OPENING, REPLY) is None


def test_undo_of_a_later_archive_leaves_the_earlier(owner):
    bring(OPENING)
    before = everything()
    later = bring(OPENING, REPLY, LATER)
    answer = Discussion.objects.get().replies.get(body="We use Warmth.")
    services.mark_reply(answer.discussion, answer.id, is_answer=True, by=owner)

    undo(later, owner)

    discussion = Discussion.objects.get()
    assert everything() == before
    assert (discussion.reply_count, discussion.last_activity_at) == (0, BEGAN)
    assert not discussion.is_answered


def test_archives_are_for_organisers(owner, in_alder):
    member, archive = make_member(in_alder), bring(OPENING)

    for act in (
        lambda: services.start_undoing(archive, by=member),
        lambda: services.start_bringing(archive, by=member),
        lambda: services.discard_archive(archive, by=member),
        lambda: services.receive_archive([b""], name="x", category=archive.category, by=member),
    ):
        with pytest.raises(services.NotAllowedError):
            act()


def test_an_upload_is_planned_then_brought_by_jobs(owner):
    archive = services.receive_archive([OPENING, REPLY], name="C:\\lists\\sbm.mbox", category=_energy(), by=owner)
    services.plan_archive(archive.id)
    planned = Archive.objects.get()
    assert (planned.state, planned.name, planned.total, Discussion.objects.count()) == ("planned", "sbm.mbox", 2, 0)

    services.start_bringing(planned, by=owner)
    services.bring_archive(archive.id)

    brought = Archive.objects.get()
    assert (brought.state, brought.path, Reply.objects.count()) == ("brought", "", 1)
    assert {"discussions.archive.received", "discussions.archive.started", "discussions.archive.brought"} <= set(
        Event.objects.values_list("name", flat=True)
    )


def test_an_upload_that_is_no_mbox_says_so(owner):
    archive = services.receive_archive([b"%PDF"], name="x.mbox", category=_energy(), by=owner)

    services.plan_archive(archive.id)

    found = Archive.objects.get()
    assert (found.state, found.path, found.problem) == (
        "failed",
        "",
        (
            "This is no mbox file: it does not begin with a message. It may be another kind of file, or its "
            "beginning is missing. Export the list again, and choose the .mbox file."
        ),
    )


def test_sweep_forgets_what_nobody_decided_about(owner, django_capture_on_commit_callbacks):
    archive = services.receive_archive([OPENING], name="x.mbox", category=_energy(), by=owner)
    assert services.sweep_archives() == 0
    Archive.objects.update(created_at=datetime(2020, 1, 1, tzinfo=UTC))

    with django_capture_on_commit_callbacks(execute=True):
        assert services.sweep_archives() == 1

    assert Archive.objects.count() == 0
    with pytest.raises(FileNotFoundError):
        keeping.opened(archive.path)


def test_archives_of_one_network_are_not_in_another(owner, birch):
    bring(OPENING, REPLY)

    with in_network(birch, joining_transaction=True):
        services.seed_categories()
        assert selectors.archived_in(["<1@x>"]) == {}
        assert bring(OPENING) is not None
        assert Reply.objects.count() == 0
    assert Reply.objects.count() == 1


def _energy() -> Category:
    return Category.objects.get(name="Energy")
