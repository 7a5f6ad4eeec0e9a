"""The list, the page and what they cost."""

from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collective.publications.enums import Identity
from collective.publications.models import PublicationReply
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Category, Discussion
from tenant_apps.members.models import Member
from tenants.context import in_collective
from tenants.models import Network
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import make_member


def titles(member: Member, **asked: str) -> list[str]:
    return [each.title for each in selectors.discussions(member, **asked)]


def test_the_list_is_in_order_of_activity(in_alder: Network, priya, tom) -> None:
    one, _ = make_discussion(priya, title="One"), make_discussion(priya, title="Two")
    services.post_reply(one, body="x", by=tom)

    assert titles(priya) == ["One", "Two"]


def test_the_views_of_the_list(in_alder: Network, priya, tom) -> None:
    answered, waiting = make_discussion(priya, title="Answered"), make_discussion(tom, title="Waiting")
    make_discussion(tom, title="Older")
    Discussion.objects.filter(title="Older").update(created_at=timezone.now() - timedelta(days=3))
    make_discussion(tom, title="Talk", kind="discussion")
    reply = services.post_reply(answered, body="x", by=tom)
    services.mark_reply(answered, reply.id, is_answer=True, by=priya)
    services.follow(waiting, member=priya)

    assert titles(priya, show="unanswered") == ["Older", "Waiting"]
    assert titles(priya, show="mine") == ["Answered"]
    assert titles(priya, show="following") == ["Answered", "Waiting"]
    assert titles(priya, show="unread") == ["Answered", "Talk", "Older", "Waiting"]
    assert (selectors.count_unanswered(), selectors.count_unread(priya), selectors.count_unread(tom)) == (2, 4, 0)


def test_the_list_narrows_by_category_and_words(in_alder: Network, priya) -> None:
    energy = Category.objects.get(name="Energy")
    services.start_discussion(title="Solar panels", body="On a listed roof?", category=energy, by=priya)
    services.start_discussion(title="Boiler", body="Panels leak; 100% sure_", category=energy, by=priya)
    make_discussion(priya, title="Elsewhere")

    assert titles(priya, category="energy") == ["Boiler", "Solar panels"]
    assert titles(priya, category="Energy", search="ROOF panels") == ["Solar panels"]
    assert titles(priya, search="0% sure_") == ["Boiler"]
    assert titles(priya, search="%") == ["Boiler"]
    assert titles(priya, category="nothing") == []


def test_the_list_costs_one_query_for_one_and_three(in_alder: Network, birch, priya, martin) -> None:
    for number in range(3):
        discussion = share(make_discussion(priya, title=f"Number {number}"), priya)
        away_reply(discussion, martin, birch)
        services.count_away_replies(discussion)
        with CaptureQueriesContext(connection) as captured:
            rows = list(selectors.discussions(priya))
            assert [(each.author.name, each.category.name, each.new_count) for each in rows] == [
                ("Priya Raman", "Buildings", 1)
            ] * len(rows)

        assert (len(rows), len(captured)) == (number + 1, 1)


def test_posts_cost_the_same_for_one_and_three(in_alder: Network, birch, priya, tom, martin) -> None:
    discussion = share(make_discussion(priya), priya)
    costs = []
    for _ in range(3):
        services.post_reply(discussion, body="x", by=tom)
        away_reply(discussion, martin, birch)
        with CaptureQueriesContext(connection) as captured:
            found = selectors.posts(selectors.get_discussion(discussion.id))
        costs.append((len(found), len(captured)))

    assert [count for count, _ in costs] == [2, 4, 6]
    assert len({cost for _, cost in costs}) == 1


def test_posts_are_in_order_wherever_they_were_written(in_alder: Network, birch, priya, tom, martin) -> None:
    discussion = share(make_discussion(priya), priya)
    services.post_reply(discussion, body="first", by=tom)
    away_reply(discussion, martin, birch, body="second")
    services.post_reply(discussion, body="third", by=priya)

    found = selectors.posts(selectors.get_discussion(discussion.id))

    assert [(post.body, post.is_away, post.author_name, post.origin_network) for post in found] == [
        ("first", False, "Tom Whitlock", ""),
        ("second", True, "Martin Bayliss", birch.name),
        ("third", False, "Priya Raman", ""),
    ]


def test_an_anonymous_reply_shows_its_day_alone(in_alder: Network, birch, priya, martin) -> None:
    discussion = share(make_discussion(priya), priya)
    reply = away_reply(discussion, martin, birch)
    with in_collective(joining_transaction=True):
        nobody = {"identity": Identity.ANONYMOUS, "shown_name": "", "shown_network": "", "shown_colour": ""}
        PublicationReply.objects.filter(id=reply.id).update(**nobody)

    services.count_away_replies(discussion)

    (post,) = selectors.posts(selectors.get_discussion(discussion.id))
    assert type(post.shown_at) is date
    assert (post.author_name, post.author_role, post.origin_network, post.origin_colour) == (
        "A member of another network",
        "",
        "",
        "",
    )
    assert (post.shown_moment.astimezone().hour, post.shown_moment.minute) == (0, 0)
    assert Discussion.objects.get().last_activity_at < reply.created_at


def test_similar_are_of_the_same_category(in_alder: Network, priya) -> None:
    energy = Category.objects.get(name="Energy")
    for number in range(5):
        services.start_discussion(title=f"Energy {number}", body="x", category=energy, by=priya)
    make_discussion(priya, title="Elsewhere")

    latest = Discussion.objects.get(title="Energy 4")
    found = selectors.get_discussion(latest.id, priya).similar_rows

    assert [each["title"] for each in found] == ["Energy 3", "Energy 2", "Energy 1"]


def test_categories_are_remembered_until_one_changes(
    in_alder: Network, django_capture_on_commit_callbacks, priya
) -> None:
    helen = make_member(in_alder, name="Helen Marsh", role="organiser")
    names = [each.name for each in selectors.categories()]
    with CaptureQueriesContext(connection) as captured:
        assert [each.name for each in selectors.categories()] == names
    assert len(captured) == 0

    with django_capture_on_commit_callbacks(execute=True):
        services.save_category(name="Lettings", by=helen)

    assert [each.name for each in selectors.categories()] == [*names, "Lettings"]
