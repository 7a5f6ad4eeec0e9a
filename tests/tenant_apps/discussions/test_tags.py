"""Tags: given when asking, shown and found, kept in order by organisers."""

import pytest

from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Discussion, Tag
from tenant_apps.discussions.services import DiscussionError, NotAllowedError
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenants.context import in_network
from tenants.models import Network
from tests.builders.members import client_of, make_member
from tests.builders.pages import text_of


def tagged(by: Member, *tags: str, title: str = "Canary") -> Discussion:
    return services.start_discussion(title=title, body="x", tags=tags, by=by)


def test_a_tag_is_spelled_as_it_was_first(in_alder: Network, priya) -> None:
    tagged(priya, "Free school meals", " UIFSM ")

    made = tagged(priya, "free SCHOOL  meals", "uifsm", "UIFSM", "", "new")

    assert made.tag_names == ["Free school meals", "UIFSM", "new"]
    assert selectors.tag_names() == ["Free school meals", "UIFSM", "new"]


@pytest.mark.parametrize("tags", [("1", "2", "3", "4", "5", "6"), ("x" * 41,), ("a,b",)])
def test_what_is_no_tag(in_alder: Network, priya, tags) -> None:
    with pytest.raises(DiscussionError, match="tag"):
        tagged(priya, *tags)

    assert not Discussion.objects.exists()


def test_changing_tags_alone_is_no_edit(in_alder: Network, priya) -> None:
    made = tagged(priya, "one")

    services.edit_discussion(made, title=made.title, body=made.body, tags=["two"], by=priya)
    services.edit_discussion(made, title=made.title, body="New", by=priya)

    made.refresh_from_db()
    assert (made.tag_names, made.revisions.count()) == (["two"], 1)


def test_renaming_follows_everywhere_and_joins_two(in_alder: Network, priya, helen) -> None:
    both, one = tagged(priya, "meals", "Catering"), tagged(priya, "meals")

    services.rename_tag(Tag.objects.get(name="meals"), name="Meals", by=helen)
    assert Discussion.objects.get(id=one.id).tag_names == ["Meals"]
    services.rename_tag(Tag.objects.get(name="Meals"), name="catering", by=helen)

    assert [Discussion.objects.get(id=each.id).tag_names for each in (both, one)] == [["Catering"], ["Catering"]]
    assert [(tag.name, count) for tag, count in selectors.tags_with_counts()] == [("Catering", 2)]
    services.remove_tag(Tag.objects.get(), by=helen)
    assert (Discussion.objects.get(id=one.id).tag_names, Tag.objects.count()) == ([], 0)


def test_only_organisers_change_tags(in_alder: Network, priya) -> None:
    tagged(priya, "meals")

    with pytest.raises(NotAllowedError):
        services.rename_tag(Tag.objects.get(), name="x", by=priya)
    with pytest.raises(NotAllowedError):
        services.remove_tag(Tag.objects.get(), by=priya)


def test_the_pages(alder: Network, priya, helen) -> None:
    member, desk = client_of(priya, alder), client_of(helen, alder)
    with in_network(alder):
        category = selectors.categories()[0]
        tagged(priya, title="Untagged")

    asked = member.post(
        "/discussions/new/",
        {"kind": "question", "title": "Canary", "body": "x", "category": str(category.id), "tags": "Meals, R&D"},
        follow=True,
    )

    assert 'href="/discussions/?tag=R%26D"' in asked.content.decode()
    words = text_of(member.get("/discussions/?tag=R%26D"))
    assert ("Canary" in words, "Untagged" in words, "Tag: R&D" in words) == (True, False, True)
    with in_network(alder):
        selectors.forget_tags()
    assert '<option value="Meals">' in member.get("/discussions/new/").content.decode()
    with in_network(alder):
        tag = Tag.objects.get(name="R&D")
    assert member.get("/manage/tags/").status_code == 403
    assert "1 discussion" in text_of(desk.get("/manage/tags/"))
    assert desk.post(f"/manage/tags/{tag.id}/", {"name": "Meals"}).status_code == 302
    with in_network(alder):
        assert Discussion.objects.get(title="Canary").tag_names == ["Meals"]


def test_a_tag_of_another_network_is_unknown(alder: Network, birch, priya) -> None:
    with in_network(alder):
        tagged(priya, "Canary")
        tag = Tag.objects.get()
    desk = client_of(make_member(birch, name="Birch", role=Role.ORGANISER), birch)

    assert desk.get(f"/manage/tags/{tag.id}/").status_code == 404
    assert desk.post(f"/manage/tags/{tag.id}/", {"remove": "true"}).status_code == 404
    assert "Canary" not in desk.get("/discussions/new/").content.decode()
    with in_network(alder):
        assert Tag.objects.exists()
