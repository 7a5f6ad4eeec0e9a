"""Two discussions become one and two again; some replies become a discussion of their own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collective.publications.models import Publication
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Discussion, Helpful, Reply, Revision
from tenant_apps.discussions.services import DiscussionError, NotAllowedError
from tenant_apps.files.models import StoredFile
from tenant_apps.files.services import attach
from tenant_apps.members.enums import Role
from tenant_apps.notifications.selectors import is_following
from tenants.context import in_collective, in_network
from tenants.models import Network
from tests.builders.discussions import make_discussion, share
from tests.builders.members import client_of, make_member
from tests.builders.pages import text_of


@pytest.fixture
def pair(alder: Network, priya, tom) -> tuple[Discussion, Discussion]:
    """Two discussions whose replies alternate in time; the source's opening was edited, found helpful, has a file."""
    with in_network(alder):
        target = make_discussion(priya, title="Who tests [PAT]?", body="Target body")
        source = make_discussion(tom, title="PAT *again*", body="Old body")
        services.post_reply(target, body="one", by=tom)
        services.post_reply(source, body="two", by=priya)
        services.post_reply(target, body="three", by=priya)
        services.edit_discussion(source, title=source.title, body="Source body", by=tom)
        services.find_helpful(source, None, is_helpful=True, by=priya)
        attach("a.txt", b"plain", kind="discussion", object_id=source.id, by=tom)
        source.refresh_from_db()
        target.refresh_from_db()
        return source, target


def bodies(discussion: Discussion) -> list[str]:
    return [post.body for post in selectors.posts(discussion)]


def test_merging_keeps_everything_in_order_of_time(in_alder: Network, pair, tom, rob) -> None:
    source, target = pair

    services.merge_discussions(source, target, by=rob)

    target.refresh_from_db()
    opening = Reply.objects.get(created_at=source.created_at)
    assert bodies(target) == ["**PAT \\*again\\***\n\nSource body", "one", "two", "three"]
    assert (target.reply_count, opening.author_id, opening.helpful_count) == (4, tom.id, 1)
    assert Revision.objects.get().reply_id == Helpful.objects.get().reply_id == opening.id
    assert (StoredFile.objects.get().kind, StoredFile.objects.get().object_id) == ("reply", opening.id)
    assert is_following(tom, kind="discussion", object_id=target.id)
    assert [each.title for each in selectors.discussions(tom)] == [target.title]


def test_merging_takes_the_same_queries_for_one_reply_as_for_four(in_alder: Network, priya, tom, rob) -> None:
    def queries(replies: int) -> int:
        source, target = (make_discussion(priya, title=title) for title in ("PAT again", "Who tests PAT?"))
        for number in range(replies):
            services.post_reply(source, body=f"Reply {number}", by=tom)
        with CaptureQueriesContext(connection) as captured:
            services.merge_discussions(source, target, by=rob)
        return len(captured)

    assert queries(1) == queries(4)


def test_taking_it_apart_brings_back_what_was(in_alder: Network, pair, rob) -> None:
    source, target = pair
    services.merge_discussions(source, target, by=rob)

    services.unmerge_discussion(Discussion.objects.get(id=source.id), by=rob)

    source, target = (Discussion.objects.get(id=each.id) for each in pair)
    assert (bodies(source), bodies(target)) == (["two"], ["one", "three"])
    assert (source.reply_count, target.reply_count, source.merged_into_id) == (1, 2, None)
    assert (Revision.objects.get().reply_id, Helpful.objects.get().reply_id) == (None, None)
    assert (StoredFile.objects.get().kind, StoredFile.objects.get().object_id) == ("discussion", source.id)
    with pytest.raises(DiscussionError, match="not part"):
        services.unmerge_discussion(source, by=rob)


def test_what_is_shared_is_withdrawn_first(in_alder: Network, pair, priya, rob) -> None:
    source, target = pair
    share(target, priya)

    with pytest.raises(DiscussionError, match="Withdraw it first"):
        services.merge_discussions(source, target, by=rob)

    assert bodies(source) == ["two"]
    with in_collective(joining_transaction=True):
        assert Publication.objects.count() == 1


def test_what_cannot_be_merged(in_alder: Network, pair, tom, rob) -> None:
    source, target = pair
    with pytest.raises(NotAllowedError):
        services.merge_discussions(source, target, by=tom)
    with pytest.raises(DiscussionError, match="another discussion"):
        services.merge_discussions(source, source, by=rob)
    services.add_poll(source, services.PollFacts(question="Day?", options=["a", "b"]), by=tom)
    with pytest.raises(DiscussionError, match="poll"):
        services.merge_discussions(Discussion.objects.get(id=source.id), target, by=rob)
    Discussion.objects.filter(id=target.id).update(is_anonymous=True)
    with pytest.raises(DiscussionError, match="without a name"):
        services.merge_discussions(source, target, by=rob)


def test_the_pages_show_first_and_then_do_and_undo(alder: Network, pair, tom, rob) -> None:
    source, target = pair
    moderator, reader = client_of(rob, alder), client_of(tom, alder)
    path, there = f"/discussions/{source.id}/", f"http://alder.localhost/discussions/{target.id}/#reply"

    assert reader.get(f"{path}merge/").status_code == 404
    assert moderator.post(f"{path}merge/", {"target": "nonsense"}).status_code == 422
    shown = moderator.post(f"{path}merge/", {"target": there})
    assert "This would happen" in text_of(shown)
    with in_network(alder):
        assert Discussion.objects.filter(merged_into=None).count() == 2
    done = moderator.post(f"{path}merge/", {"target": there, "confirm": "yes"}, follow=True)

    assert "They are one discussion now." in text_of(done)
    assert f'action="{path}unmerge/"' in done.content.decode()
    assert reader.get(path)["Location"] == f"/discussions/{target.id}/"
    assert "PAT *again*" in text_of(reader.get(path, follow=True))
    moderator.post(f"{path}unmerge/")
    assert reader.get(path).status_code == 200


def test_splitting_off_opens_with_the_first_and_leaves_notes(in_alder: Network, pair, priya, tom, rob) -> None:
    _, target = pair
    one, three = Reply.objects.filter(discussion=target)

    made = services.split_discussion(target, [one.id, three.id], title="A [new] one", by=rob)

    target.refresh_from_db()
    assert (made.body, made.author_id, made.created_at) == ("one", tom.id, one.created_at)
    assert bodies(made) == ["three", f"This began in [Who tests \\[PAT\\]?](/discussions/{target.id}/)."]
    assert bodies(target) == [f"I moved 2 replies to [A \\[new\\] one](/discussions/{made.id}/)."]
    assert (target.reply_count, Discussion.objects.get(id=made.id).reply_count) == (1, 2)
    assert all(is_following(each, kind="discussion", object_id=made.id) for each in (priya, tom, rob))
    services.merge_discussions(made, target, by=rob)
    assert "three" in bodies(target)


def test_splitting_off_needs_replies_of_this_discussion(in_alder: Network, pair, tom, rob) -> None:
    source, target = pair
    other = Reply.objects.get(discussion=source)

    for ids in ([], [other.id]):
        with pytest.raises(DiscussionError, match="Choose the replies"):
            services.split_discussion(target, ids, title="x", by=rob)
    with pytest.raises(NotAllowedError):
        services.split_discussion(target, [other.id], title="x", by=tom)


def test_the_page_of_splitting_off(alder: Network, pair, rob) -> None:
    _, target = pair
    moderator, path = client_of(rob, alder), f"/discussions/{target.id}/split/"
    with in_network(alder):
        chosen = str(Reply.objects.filter(discussion=target).first().id)

    assert moderator.post(path, {"title": "New"}).status_code == 422
    shown = moderator.post(path, {"title": "New", "replies": chosen})
    done = moderator.post(path, {"title": "New", "replies": chosen, "confirm": "yes"}, follow=True)

    assert "opens with what Tom Whitlock wrote" in text_of(shown)
    assert "It is a discussion of its own now." in text_of(done)


@pytest.mark.parametrize("act", ["merge", "unmerge", "split"])
def test_ids_of_another_network_are_unknown(alder: Network, birch, pair, act) -> None:
    source, target = pair
    moderator = client_of(make_member(birch, name="Birch Mod", role=Role.MODERATOR), birch)
    with in_network(birch):
        own = make_discussion(make_member(birch, name="Birch"), title="Own")

    assert moderator.post(f"/discussions/{source.id}/{act}/", {"target": str(target.id)}).status_code == 404
    answer = moderator.post(f"/discussions/{own.id}/merge/", {"target": str(target.id), "confirm": "yes"})
    assert "There is no discussion with this address here" in text_of(answer)
