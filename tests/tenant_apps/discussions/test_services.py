"""Asking, replying, editing, marking, following and reading."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collective.publications import services as publications
from collective.publications.models import Publication, PublicationReply
from shared_apps.audit.models import Event
from shared_apps.jobs.worker import Worker
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Category, Discussion, ReadMark, Reply, Revision
from tenant_apps.discussions.services import DiscussionError, NotAllowedError
from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member
from tenant_apps.notifications.selectors import is_following
from tenant_apps.sharing import services as sharing
from tenants.context import in_collective, in_network
from tenants.models import Network
from tests.builders.discussions import away_reply, make_discussion, share


def new_for(member: Member, discussion: Discussion) -> tuple[bool, int]:
    found = selectors.get_discussion(discussion.id, member)
    assert found is not None
    return found.is_unread, found.new_count


def events() -> list[str]:
    return list(Event.objects.order_by("id").values_list("name", flat=True))


# Asking


def test_start_discussion_stores_what_was_said(in_alder: Network, priya) -> None:
    energy = Category.objects.get(name="Energy")

    made = services.start_discussion(
        title="  Fix  for two years?\n", body=" Or wait\r\nfor April? ", category=energy, by=priya
    )

    made.refresh_from_db()
    assert (made.title, made.body) == ("Fix for two years?", "Or wait\nfor April?")
    assert (made.kind, made.category, made.author_id, made.state) == ("question", energy, priya.id, "unanswered")
    assert is_following(priya, kind="discussion", object_id=made.id)
    assert new_for(priya, made) == (False, 0)
    assert events()[-1] == "discussions.discussion.started"


def test_start_discussion_goes_to_the_first_category_in_use(in_alder: Network, priya, helen) -> None:
    first, second = Category.objects.all()[:2]
    services.archive_category(first, is_archived=True, by=helen)

    assert make_discussion(priya).category == second


@pytest.mark.parametrize(
    ("title", "body", "words"),
    [
        ("", "x", "Write a title"),
        (" \n\t ", "x", "Write a title"),
        ("\u200b\u202e\u0000", "x", "Write a title"),
        ("x" * 201, "x", "at most 200"),
        ("x", "", "Write some text"),
        ("x", "\u200b \u0000", "Write some text"),
        ("x", "x" * 20_001, "at most 20,000"),
    ],
)
def test_start_discussion_refuses_what_says_nothing_or_too_much(in_alder: Network, priya, title, body, words) -> None:
    with pytest.raises(DiscussionError, match=words):
        services.start_discussion(title=title, body=body, by=priya)

    assert not Discussion.objects.exists()


def test_only_active_members_take_part(in_alder: Network, priya, tom) -> None:
    discussion = make_discussion(priya)
    tom.state = MemberState.LEFT

    with pytest.raises(NotAllowedError):
        make_discussion(tom)
    with pytest.raises(NotAllowedError):
        services.post_reply(discussion, body="x", by=tom)


# Editing


def test_edit_discussion_keeps_what_it_said_before(in_alder: Network, priya) -> None:
    discussion = make_discussion(priya, title="Before", body="Old words")

    edited = services.edit_discussion(discussion, title="After", body="New words", by=priya)

    before = Revision.objects.get()
    assert (edited.title, edited.body, edited.edited_at is not None) == ("After", "New words", True)
    assert (before.title, before.body, before.editor_id, before.reply) == ("Before", "Old words", priya.id, None)
    assert Event.objects.latest("id").fields == ["body", "title"]


def test_edit_discussion_that_changes_nothing_leaves_no_trace(in_alder: Network, priya) -> None:
    discussion = make_discussion(priya)

    services.edit_discussion(discussion, title=discussion.title, body=discussion.body, by=priya)

    assert (Revision.objects.count(), Discussion.objects.get().edited_at) == (0, None)


def test_edit_discussion_is_for_its_author_and_moderators(in_alder: Network, priya, tom, rob) -> None:
    discussion = make_discussion(priya)

    with pytest.raises(NotAllowedError):
        services.edit_discussion(discussion, title="Mine now", body="x", by=tom)
    services.edit_discussion(discussion, title="Tidier", body="x", by=rob)

    assert Discussion.objects.get().title == "Tidier"


def test_an_answered_question_does_not_become_a_discussion(in_alder: Network, priya, tom) -> None:
    discussion = make_discussion(priya)
    reply = services.post_reply(discussion, body="Circuit Sense.", by=tom)
    services.mark_reply(discussion, reply.id, is_answer=True, by=priya)

    with pytest.raises(DiscussionError, match="Unmark it"):
        services.edit_discussion(discussion, title="x", body="x", kind="discussion", by=priya)


# Replying


def test_post_reply_counts_follows_and_marks_as_read(in_alder: Network, priya, tom) -> None:
    discussion = make_discussion(priya)

    reply = services.post_reply(discussion, body="Circuit Sense.", by=tom)

    discussion.refresh_from_db()
    assert (discussion.reply_count, discussion.last_activity_at) == (1, reply.created_at)
    assert is_following(tom, kind="discussion", object_id=discussion.id)
    assert (new_for(tom, discussion), new_for(priya, discussion)) == ((False, 0), (True, 1))


def test_edit_reply_keeps_what_it_said_before(in_alder: Network, priya, tom, rob) -> None:
    discussion = make_discussion(priya)
    reply = services.post_reply(discussion, body="Old words", by=tom)

    with pytest.raises(NotAllowedError):
        services.edit_reply(reply, body="Mine", by=priya)
    services.edit_reply(reply, body="Old words", by=tom)
    services.edit_reply(reply, body="New words", by=tom)
    services.edit_reply(reply, body="Tidier words", by=rob)

    said = [(each.body, each.editor_id) for each in selectors.revisions(discussion, reply)]
    assert said == [("New words", rob.id), ("Old words", tom.id)]
    assert Reply.objects.get().body == "Tidier words"
    assert list(selectors.revisions(discussion)) == []


# Marking


def test_several_answers_can_be_marked_here_and_away(in_alder: Network, birch, priya, tom, martin) -> None:
    discussion = share(make_discussion(priya), priya)
    here = services.post_reply(discussion, body="Circuit Sense.", by=tom)
    away = away_reply(discussion, martin, birch)

    services.mark_reply(discussion, here.id, is_answer=True, by=priya)
    services.mark_reply(discussion, away.id, is_answer=True, by=priya)

    assert [post.is_answer for post in selectors.posts(selectors.get_discussion(discussion.id))] == [True, True]
    assert Discussion.objects.get().is_answered
    assert Reply.objects.get().marked_by_id == priya.id


def test_a_question_is_answered_while_any_reply_is_marked(in_alder: Network, birch, priya, tom, martin) -> None:
    discussion = share(make_discussion(priya), priya)
    replies = [services.post_reply(discussion, body="Here.", by=tom).id, away_reply(discussion, martin, birch).id]
    for reply_id in replies:
        services.mark_reply(discussion, reply_id, is_answer=True, by=priya)

    states = []
    for reply_id in replies:
        services.mark_reply(discussion, reply_id, is_answer=False, by=priya)
        with in_collective(joining_transaction=True):
            states.append(Publication.objects.get().is_answered)
    assert states == [True, False]
    assert (Discussion.objects.get().is_answered, Reply.objects.get().marked_by) == (False, None)


def test_marking_is_for_the_asker_and_moderators_and_for_questions(in_alder: Network, priya, tom, rob) -> None:
    question, talk = make_discussion(priya), make_discussion(priya, kind="discussion")
    answer = services.post_reply(question, body="Circuit Sense.", by=tom)
    said = services.post_reply(talk, body="Interesting.", by=tom)

    with pytest.raises(NotAllowedError):
        services.mark_reply(question, answer.id, is_answer=True, by=tom)
    with pytest.raises(NotAllowedError):
        services.mark_reply(talk, said.id, is_answer=True, by=priya)
    services.mark_reply(question, answer.id, is_answer=True, by=rob)

    assert list(Reply.objects.filter(is_answer=True)) == [answer]


def test_a_reply_of_another_discussion_is_not_marked(in_alder: Network, priya, tom) -> None:
    one, two = make_discussion(priya, title="One"), make_discussion(priya, title="Two")
    elsewhere = services.post_reply(two, body="x", by=tom)

    with pytest.raises(publications.PublicationGoneError):
        services.mark_reply(one, elsewhere.id, is_answer=True, by=priya)

    assert not Reply.objects.get().is_answer


# What is new


def test_what_was_quiet_since_before_somebody_joined_is_not_new(in_alder: Network, priya, tom) -> None:
    discussion = make_discussion(priya)
    Member.objects.filter(id=tom.id).update(joined_at=timezone.now() + timedelta(seconds=1))
    tom.refresh_from_db()

    assert new_for(tom, discussion)[0] is False

    Member.objects.filter(id=tom.id).update(joined_at=timezone.now() - timedelta(days=1))
    tom.refresh_from_db()
    assert new_for(tom, discussion)[0] is True


def test_away_replies_are_new_too(in_alder: Network, birch, priya, martin) -> None:
    discussion = share(make_discussion(priya), priya)

    away_reply(discussion, martin, birch)
    services.count_away_replies(discussion)

    assert new_for(priya, discussion) == (True, 1)
    services.mark_read(selectors.get_discussion(discussion.id), member=priya)
    assert new_for(priya, discussion) == (False, 0)


def test_a_reply_after_one_that_was_taken_back_is_new(in_alder: Network, birch, priya, martin) -> None:
    discussion = share(make_discussion(priya), priya)
    first = away_reply(discussion, martin, birch)
    services.count_away_replies(discussion)
    services.mark_read(selectors.get_discussion(discussion.id), member=priya)
    with in_collective(joining_transaction=True):
        publications.withdraw_reply(first, account_id=martin.account_id)
    services.count_away_replies(discussion)
    assert (Discussion.objects.get().away_count, new_for(priya, discussion)) == (0, (False, 0))

    away_reply(discussion, martin, birch, body="Another try.")
    services.count_away_replies(discussion)

    assert new_for(priya, discussion) == (True, 1)


def test_an_answer_that_is_taken_back_answers_no_more(in_alder: Network, birch, priya, martin) -> None:
    discussion = share(make_discussion(priya), priya)
    reply = away_reply(discussion, martin, birch)
    services.mark_reply(discussion, reply.id, is_answer=True, by=priya)

    with in_collective(joining_transaction=True):
        publications.withdraw_reply(PublicationReply.objects.get(), account_id=martin.account_id)
    services.count_away_replies(discussion)

    assert Discussion.objects.get().is_answered is False


def test_an_answer_that_came_home_and_is_taken_back_answers_no_more(in_alder: Network, birch, priya, martin) -> None:
    discussion = share(make_discussion(priya), priya)
    reply = away_reply(discussion, martin, birch)
    services.mark_reply(discussion, reply.id, is_answer=True, by=priya)
    sharing.withdraw_item("discussion", discussion.id, by=priya)
    share(discussion, priya)
    with in_collective(joining_transaction=True):
        assert Publication.objects.get().is_answered

    sharing.remove_received_reply(reply.id, by=priya.actor)

    assert Discussion.objects.get().is_answered is False
    with in_collective(joining_transaction=True):
        assert Publication.objects.get().is_answered is False
    with pytest.raises(publications.PublicationGoneError):
        services.mark_reply(discussion, reply.id, is_answer=True, by=priya)


def test_mark_all_read_is_for_one_member(in_alder: Network, priya, tom) -> None:
    discussions = [make_discussion(priya, title=title) for title in ("One", "Two", "Three")]
    for each in discussions:
        services.post_reply(each, body="x", by=priya)

    assert services.mark_all_read(member=tom) == 3

    assert [new_for(tom, each) for each in discussions] == [(False, 0)] * 3
    assert ReadMark.objects.filter(member=priya).count() == 3


# Following


def test_follow_and_unfollow(in_alder: Network, priya, tom) -> None:
    discussion = make_discussion(priya)

    for _ in range(2):
        services.follow(discussion, member=tom)
    assert is_following(tom, kind="discussion", object_id=discussion.id)
    for _ in range(2):
        services.unfollow(discussion, member=tom)
    assert not is_following(tom, kind="discussion", object_id=discussion.id)


# Categories


def test_categories_are_for_organisers(in_alder: Network, priya, rob) -> None:
    category = Category.objects.first()

    for member in (priya, rob):
        with pytest.raises(NotAllowedError):
            services.save_category(name="Lettings", by=member)
        with pytest.raises(NotAllowedError):
            services.archive_category(category, is_archived=True, by=member)


def test_save_category_adds_and_renames(in_alder: Network, helen) -> None:
    made = services.save_category(name="  Lettings ", by=helen)
    services.save_category(name="Lettings and hire", category=made, by=helen)

    assert Category.objects.get(id=made.id).name == "Lettings and hire"
    assert Category.objects.latest("position") == made


@pytest.mark.parametrize("name", ["", " ", "\u200b", "x" * 61, "energy", "ENERGY "])
def test_save_category_refuses(in_alder: Network, helen, name) -> None:
    before = Category.objects.count()

    with pytest.raises(DiscussionError):
        services.save_category(name=name, by=helen)

    assert Category.objects.count() == before


def test_one_category_stays_in_use(in_alder: Network, helen) -> None:
    *others, last = Category.objects.all()
    for category in others:
        services.archive_category(category, is_archived=True, by=helen)

    with pytest.raises(DiscussionError, match="at least one"):
        services.archive_category(last, is_archived=True, by=helen)


def test_a_renamed_category_is_renamed_where_it_was_shared_and_still_kept(in_alder: Network, priya, helen) -> None:
    discussion = share(make_discussion(priya), priya)
    shared, kept = discussion.category, Category.objects.get(name="Staff")
    sharing.update_policy(approval_required=False, kept_categories=["Staff"], blocked_networks=[], by=helen)

    services.save_category(name="Premises", category=shared, by=helen)
    services.save_category(name="People", category=kept, by=helen)

    with in_collective(joining_transaction=True):
        assert Publication.objects.get().category == "Premises"
    private = services.start_discussion(title="x", body="x", category=kept, by=priya)
    with pytest.raises(sharing.SharingRefusedError, match="keeps People"):
        share(private, priya)


def test_seed_categories_fills_only_an_empty_network(in_alder: Network) -> None:
    before = list(Category.objects.values_list("name", flat=True))

    services.seed_categories()

    assert list(Category.objects.values_list("name", flat=True)) == before


# Networks


def test_nothing_of_birch_shows_in_alder(alder: Network, birch: Network, priya, martin) -> None:
    with in_network(birch):
        theirs = make_discussion(martin, title="Canary birch")
        services.post_reply(theirs, body="canary reply", by=martin)
    with in_network(alder):
        make_discussion(priya, title="Ours")
        found = list(selectors.discussions(priya))
        assert [each.title for each in found] == ["Ours"]
        assert selectors.get_discussion(theirs.id, priya) is None
        with pytest.raises(Discussion.DoesNotExist):
            services.mark_reply(Discussion(id=theirs.id), theirs.id, is_answer=True, by=priya)

    Worker().drain()
    with in_network(birch):
        assert Discussion.objects.get().title == "Canary birch"
