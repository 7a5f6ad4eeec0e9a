"""One thing comes back from a restored copy into the network that it is a copy of, and nothing since is lost."""

import pytest
from django.core.management import CommandError, call_command

from shared_apps.accounts.models import NetworkAccess
from shared_apps.audit.models import Event
from shared_apps.mail.models import Message
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Category, Discussion, Helpful, Poll, PollVote, ReadMark, Reply, Revision
from tenant_apps.discussions.services.moderating import recount
from tenant_apps.files import services as files
from tenant_apps.files import storing
from tenant_apps.files.models import StoredFile
from tenant_apps.members.models import Member
from tenant_apps.notifications.models import Notification
from tenant_apps.portability.services import (
    ChangedMeanwhileError,
    Choice,
    ReturnRefusedError,
    Wanted,
    compare,
    merge_back,
)
from tenant_apps.portability.services.exporting import write_archive
from tenant_apps.search.models import SearchEntry
from tenant_apps.sharing.rebuilding import find_drift
from tenant_apps.suppliers.models import Recommendation, Supplier
from tenants.context import in_network
from tests.builders.members import client_of
from tests.tenant_apps.portability.returning.conftest import BY


def lose(model, **which) -> None:
    """Let rows vanish as a slip in the database would, with all that hangs on them."""
    model.objects.filter(**which).delete()


def told() -> tuple[int, int]:
    return Notification.objects.count(), Message.objects.count()


def test_lost_discussion_comes_back_whole(then):
    with in_network(then.alder):
        before = told()
        lose(Discussion, id=then.discussion.id)
        storing.remove(StoredFile.objects.get().path)
        lose(StoredFile)
        SearchEntry.objects.filter(id=then.discussion.id).delete()
    wanted = then.wanted("discussion", then.discussion.id)

    shown = compare(wanted)
    done = merge_back(wanted, Choice(mark=shown.difference.mark), by=BY)

    assert shown.difference.is_gone
    assert done.difference.mark == shown.difference.mark
    with in_network(then.alder):
        found = Discussion.objects.get()
        assert (found.title, found.reply_count, found.is_shared) == ("Who mends boilers?", 2, True)
        assert set(found.replies.values_list("id", flat=True)) == {each.id for each in then.replies}
        assert files.content_of(StoredFile.objects.get()) == b"Ada: 0121"
        assert (Helpful.objects.count(), Poll.objects.count(), PollVote.objects.count()) == (1, 1, 1)
        assert Reply.objects.get(id=then.replies[0].id).helpful_count == 1
        assert ReadMark.objects.get(member=then.people["owner"]).seen_count == 2
        assert "Ada" in SearchEntry.objects.get(id=found.id).extra_text
        assert told() == before  # nobody hears of it
        event = Event.objects.get(name="portability.thing.merged_back")
        assert (event.target_id, event.details["copy"]) == (found.id, str(then.aspen.id))
    assert find_drift() == []


def test_merging_back_again_adds_nothing(then):
    with in_network(then.alder):
        lose(Reply, id=then.replies[1].id)
    wanted = then.wanted("discussion", then.discussion.id)

    assert not merge_back(wanted, Choice(), by=BY).is_same
    assert compare(wanted).is_same
    assert merge_back(wanted, Choice(), by=BY).is_same

    with in_network(then.alder):
        assert Event.objects.filter(name="portability.thing.merged_back").count() == 1


def test_what_was_written_since_stays_and_the_copys_is_had_where_chosen(then):
    first, second = then.replies
    with in_network(then.alder):
        discussions.post_reply(then.discussion, body="We ask Mary now.", by=then.people["owner"])
        lose(Reply, id=second.id)
        discussions.edit_reply(first, body="Nobody.", by=then.people["dawn"])
        discussions.edit_discussion(then.discussion, title="Boilers", body="Vandalised.", by=then.people["owner"])
        discussions.find_helpful(then.discussion, first, is_helpful=False, by=then.people["owner"])
        recount(Discussion.objects.get())
        discussions.mark_read(Discussion.objects.get(), member=then.people["owner"])
    wanted = then.wanted("discussion", then.discussion.id)

    shown = compare(wanted).difference
    merge_back(wanted, Choice(take=[f"{then.discussion.id}.body"], mark=shown.mark), by=BY)

    assert {(change.compared.label, change.now, change.then) for change in shown.changes} == {
        ("Title", "Boilers", "Who mends boilers?"),
        ("Text", "Vandalised.", "Ours leaks."),
        ("Text", "Nobody.", "We ask Ada."),
    }
    assert shown.since["discussions.Reply"] == 1
    with in_network(then.alder):
        found = Discussion.objects.get()
        assert (found.title, found.body, found.reply_count) == ("Boilers", "Ours leaks.", 3)
        bodies = found.replies.order_by("created_at").values_list("body", flat=True)
        assert list(bodies) == ["Nobody.", "We ask Grace.", "We ask Mary now."]
        assert not Helpful.objects.exists()  # it was taken back, not lost
        assert ReadMark.objects.get(member=then.people["owner"]).seen_count == 3
        assert "Mary" in SearchEntry.objects.get(id=found.id).extra_text
        assert "leaks" in SearchEntry.objects.get(id=found.id).body
    assert find_drift() == []


def test_the_words_that_the_copys_replace_are_in_the_history(then):
    reply, path = then.replies[0], f"/discussions/{then.discussion.id}/"
    with in_network(then.alder):
        discussions.edit_reply(reply, body="Nobody.", by=then.people["dawn"])
        discussions.edit_discussion(then.discussion, title="Boilers", body="Vandalised.", by=then.people["owner"])
    take = [f"{then.discussion.id}.body", f"{reply.id}.body"]

    merge_back(then.wanted("discussion", then.discussion.id), Choice(take=take), by=BY)

    with in_network(then.alder):
        kept = Revision.objects.filter(editor=None).order_by("reply").values_list("reply", "title", "body")
        assert list(kept) == [(reply.id, "", "Nobody."), (None, "Boilers", "Vandalised.")]
    browser = client_of(then.people["dawn"], then.alder)
    for address in (f"{path}history/", f"{path}replies/{reply.id}/history/"):
        assert "an operator of the platform put back what a copy" in browser.get(address).content.decode()


def test_what_is_left_out_stays_away_and_bytes_that_are_gone_come_back(then):
    with in_network(then.alder):
        lose(Reply, id=then.replies[1].id)
        file = StoredFile.objects.get()
        files.put_back(file.path, b"damaged")
    wanted = then.wanted("discussion", then.discussion.id)

    assert compare(wanted).lost_files == [file.id]
    merge_back(wanted, Choice(leave_out=[str(then.replies[1].id)]), by=BY)

    with in_network(then.alder):
        assert list(Reply.objects.values_list("id", flat=True)) == [then.replies[0].id]
        assert files.content_of(file) == b"Ada: 0121"


def test_what_changed_after_it_was_looked_at_is_looked_at_again(then):
    with in_network(then.alder):
        lose(Reply, id=then.replies[1].id)
    wanted = then.wanted("discussion", then.discussion.id)
    shown = compare(wanted).difference
    with in_network(then.alder):
        discussions.edit_reply(then.replies[0], body="We ask nobody.", by=then.people["dawn"])

    with pytest.raises(ChangedMeanwhileError):
        merge_back(wanted, Choice(mark=shown.mark), by=BY)
    with pytest.raises(ChangedMeanwhileError):
        merge_back(wanted, Choice(take=[f"{then.replies[0].id}.author_id"]), by=BY)

    with in_network(then.alder):
        assert Reply.objects.count() == 1


def test_what_was_lost_of_a_member_comes_back(then):
    dawn = then.people["dawn"]
    with in_network(then.alder):
        dawn.postings.all().delete()
        Member.objects.filter(id=dawn.id).update(about="Spam", headline_school="")
    wanted = then.wanted("member", dawn.id)

    merge_back(wanted, Choice(take=[f"{dawn.id}.about"]), by=BY)

    with in_network(then.alder):
        found = Member.objects.get(id=dawn.id)
        assert (found.about, found.headline_school, found.postings.count()) == ("", "Ladywood", 1)
    assert compare(wanted).is_same


def test_lost_member_comes_back_without_their_role_and_may_enter(then):
    mo = then.people["mo"]
    access = NetworkAccess.objects.filter(account_id=mo.account_id, network=then.alder)
    with in_network(then.alder):
        lose(Member, id=mo.id)
    access.delete()

    merge_back(then.wanted("member", mo.id), Choice(), by=BY)

    with in_network(then.alder):
        found = Member.objects.get(id=mo.id)
        assert (found.name, found.role, found.headline_school) == ("Mo Quiet", "member", "Nechells")
    assert (access.get().display_school, access.get().needs_second_step) == ("Nechells", False)


def test_who_is_a_member_again_is_not_doubled(then):
    mo = then.people["mo"]
    with in_network(then.alder):
        lose(Member, id=mo.id)
        Member.objects.create(account_id=mo.account_id, name="Mo Again", email=mo.email)

    with pytest.raises(ReturnRefusedError, match="Another member"):
        merge_back(then.wanted("member", mo.id), Choice(), by=BY)


def test_supplier_comes_back_with_what_was_said_of_it(then):
    with in_network(then.alder):
        lose(Recommendation)
        lose(Supplier)
    wanted = then.wanted("supplier", then.supplier.id)

    merge_back(wanted, Choice(), by=BY)

    with in_network(then.alder):
        found = Supplier.objects.get()
        assert (found.recommendation_count, found.again_count, found.categories.count()) == (1, 1, 1)
        assert "Came at once." in SearchEntry.objects.get(id=found.id).extra_text
    assert compare(wanted).is_same


def test_there_is_no_way_into_another_network(then, birch):
    other = Wanted(birch, then.aspen, "discussion", then.discussion.id)
    backwards = Wanted(then.aspen, then.alder, "discussion", then.discussion.id)
    itself = Wanted(then.alder, then.alder, "discussion", then.discussion.id)

    for wanted in (other, backwards, itself):
        with pytest.raises(ReturnRefusedError, match="no copy of"):
            compare(wanted)
        with pytest.raises(ReturnRefusedError, match="no copy of"):
            merge_back(wanted, Choice(), by=BY)
    with in_network(birch):
        assert not Discussion.objects.exists()


def test_nothing_comes_back_from_a_copy_that_lacks_what_members_keep_to_themselves(then, tmp_path, capsys):
    """An owner's archive, which has nobody in the place of who asked without their name."""
    write_archive(then.alder, tmp_path / "owners.zip", by=BY, resume=False, full=False, on_progress=print)
    capsys.readouterr()

    call_command("restore_network", str(tmp_path / "owners.zip"), "--subdomain", "poplar", "--dry-run")

    assert "Nothing of it can be merged back: it is an owner’s archive" in capsys.readouterr().out


def test_command_says_what_comes_back_in_numbers_and_not_in_words(then, capsys):
    with in_network(then.alder):
        lose(Reply, id=then.replies[1].id)
        discussions.edit_discussion(then.discussion, title="Boilers", body="Vandalised.", by=then.people["owner"])
    command = ["merge_back", "aspen", "discussion", str(then.discussion.id), "--into"]

    call_command(*command, "alder", "--dry-run")
    shown = capsys.readouterr().out
    call_command(*command, "alder", "--take", f"{then.discussion.id}.title")
    done = capsys.readouterr().out

    assert f"1 reply to come back\n  {then.replies[1].id}" in shown
    assert f"{then.discussion.id}.title differs: what is there now stays" in shown
    assert f"{then.discussion.id}.title differs: the copy's taken" in done
    assert "1 reply came back" in done
    assert [word for word in ("Vandalised", "leaks", "boilers", "Grace") if word in shown + done] == []
    with in_network(then.alder):
        assert (Reply.objects.count(), Discussion.objects.get().title) == (2, "Who mends boilers?")
    with pytest.raises(CommandError, match="no copy of Birch"):
        call_command(*command, "birch", "--dry-run")


def test_what_a_thing_cannot_be_without_comes_along(then):
    """Its writer is a member under another key by now, another is gone, its category too; the poll was made anew."""
    dawn, owner = then.people["dawn"], then.people["owner"]
    with in_network(then.alder):
        for model in (Discussion, StoredFile, Recommendation, Supplier):
            lose(model)
        lose(Category, id=then.discussion.category_id)
        lose(Member, id__in=[dawn.id, owner.id])
        again = Member.objects.create(account_id=dawn.account_id, name="Dawn Again", email=dawn.email)

    found = merge_back(then.wanted("discussion", then.discussion.id), Choice(), by=BY)

    assert {label: len(rows) for label, rows in found.difference.along.items()} == {
        "members.Member": 1,
        "discussions.Category": 1,
    }
    with in_network(then.alder):
        discussion = Discussion.objects.get()
        assert discussion.category.name == then.discussion.category.name
        assert (discussion.author.name, discussion.author.state) == ("Olive Owner", "left")  # and may not enter
        assert set(discussion.replies.values_list("author_id", flat=True)) == {again.id}
        assert PollVote.objects.get().member_id == again.id


def test_what_was_put_in_the_place_of_something_stays(then):
    """Another poll, a vote that was changed, a category that was named so anew: the copy's finds no room."""
    with in_network(then.alder):
        poll = Poll.objects.get()
        discussions.vote(poll, [poll.options.last().id], by=then.people["dawn"])
    assert compare(then.wanted("discussion", then.discussion.id)).is_same

    with in_network(then.alder):
        lose(Poll)
        Poll.objects.create(discussion=then.discussion, question="Who?")
    assert compare(then.wanted("discussion", then.discussion.id)).is_same

    with in_network(then.alder):
        name = then.discussion.category.name
        lose(Discussion)
        lose(Category, id=then.discussion.category_id)
        Category.objects.create(name=name)
    with pytest.raises(ReturnRefusedError, match="What it belongs to is gone"):
        compare(then.wanted("discussion", then.discussion.id))
