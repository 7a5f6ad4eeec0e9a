"""Pages of sharing: nothing leaves that the page did not show, and everything is explained."""

import html
import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collective.publications.models import Publication
from shared_apps.audit.services import Actor
from shared_apps.operator.services import suspend_network
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenant_apps.sharing import services
from tenant_apps.sharing.enums import ShareState
from tenant_apps.sharing.models import LedgerEntry, Policy, SharedItem
from tenants.context import in_collective, in_network
from tenants.ids import new_id
from tenants.models import Network
from tests.builders.accounts import host_of
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.hostile import HOSTILE, dangers_in
from tests.builders.members import client_of, make_member
from tests.builders.pages import text_of

PATHS = (
    "/discussions/{id}/share/",
    "/discussions/{id}/share/withdraw/",
    "/sharing/",
    "/sharing/{publication}/",
    "/manage/sharing/",
    "/manage/sharing/{item}/decide/",
)


@pytest.fixture
def priya(alder: Network) -> Member:
    return make_member(alder, name="Priya Raman", school="Moor End Primary School")


@pytest.fixture
def martin(birch: Network) -> Member:
    return make_member(birch, name="Martin Bayliss", role=Role.ORGANISER)


@pytest.fixture
def asker(alder: Network, priya) -> Client:
    return client_of(priya, alder)


@pytest.fixture
def desk(alder: Network, helen) -> Client:
    return client_of(helen, alder)


@pytest.fixture
def discussion(alder: Network, priya) -> Discussion:
    return inside(alder, make_discussion, priya, title="Canary question", body="Hartwell & Dunne want £2.94.")


def inside(network: Network, act, *args, **kwargs):
    with in_network(network):
        return act(*args, **kwargs)


def mark_of(response: HttpResponse) -> str:
    """Return what the page sends back to say what it showed."""
    return re.search(r'name="(?:previewed|seen)" value="([0-9a-f]{32})"', response.content.decode())[1]


def the_frame(response: HttpResponse) -> str:
    """Return what stands inside the dashed frame."""
    page = response.content.decode()
    return page[page.index('<div class="leaves">') : page.index('<p class="stays">')]


def published() -> list[str]:
    with in_collective():
        return list(Publication.objects.values_list("title", flat=True))


def ask_first(alder: Network, helen: Member) -> None:
    inside(alder, services.update_policy, approval_required=True, kept_categories=[], blocked_networks=[], by=helen)


# Who gets in


@pytest.mark.parametrize("path", PATHS)
def test_strangers_sign_in_first(alder: Network, path) -> None:
    url = path.format(id=new_id(), publication=new_id(), item=new_id())

    answer = Client(headers={"host": host_of(alder)}).get(url)

    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={url}")


@pytest.mark.parametrize("path", [path for path in PATHS if "{" in path])
def test_ids_of_another_network_are_worth_what_a_random_one_is(
    alder: Network, birch, discussion, priya, martin, path
) -> None:
    inside(alder, share, discussion, priya)
    item = inside(alder, SharedItem.objects.get)
    client = client_of(martin, birch)
    theirs = path.format(id=discussion.id, publication=item.publication_id, item=item.id)
    nobodys = path.format(id=new_id(), publication=new_id(), item=new_id())

    answers = [act(url) for url in (theirs, nobodys) for act in (client.get, client.post)]

    assert {answer.status_code for answer in answers} <= {404, 405}
    assert all(b"Canary" not in answer.content for answer in answers)
    assert published() == ["Canary question"]


def test_only_the_author_shares(alder: Network, desk, discussion) -> None:
    url = f"/discussions/{discussion.id}/share/"

    assert [desk.get(url).status_code, desk.post(url, {"identity": "named", "share": "1"}).status_code] == [404, 404]
    assert published() == []


def test_nothing_is_shareable_under_another_word(asker, discussion) -> None:
    assert asker.get(f"/members/{discussion.id}/share/").status_code == 404


def test_posts_without_the_pages_token_are_refused(asker, discussion) -> None:
    asker.handler.enforce_csrf_checks = True

    assert asker.post(f"/discussions/{discussion.id}/share/", {"identity": "named"}).status_code == 403


# Sharing


def test_the_page_shows_exactly_what_leaves_and_then_shares_it(alder: Network, asker, discussion) -> None:
    url = f"/discussions/{discussion.id}/share/"

    first = asker.get(url)
    second = asker.post(url, {"identity": "role", "redactions": "hartwell & dunne\n", "preview": "1"})
    values = {"identity": "role", "redactions": "hartwell & dunne\n", "previewed": mark_of(second), "share": "1"}
    done = asker.post(url, values, follow=True)

    assert "Priya Raman, School business manager, Moor End Primary School" in html.unescape(the_frame(first))
    assert "Hartwell" in the_frame(first)
    frame = the_frame(second)
    assert '<span class="cut">removed</span> want £2.94.' in frame
    assert ("Priya" in frame, "Hartwell" in frame, "School business manager" in frame) == (False, False, True)
    assert "Shared. Every network can find it now." in text_of(done)
    assert published() == ["Canary question"]


@pytest.mark.parametrize("change", [{"identity": "anonymous"}, {"redactions": "£2.94"}, {"previewed": "0" * 32}])
def test_what_the_page_did_not_show_is_shown_first(asker, discussion, change) -> None:
    url = f"/discussions/{discussion.id}/share/"
    seen = {"identity": "named", "redactions": "", "previewed": mark_of(asker.get(url)), "share": "1"}

    answer = asker.post(url, seen | change)

    assert "This is how it looks with your changes. Check it, then share." in text_of(answer)
    assert (answer.status_code, published()) == (200, [])
    assert asker.post(url, seen | change | {"previewed": mark_of(answer)}).status_code == 302
    assert len(published()) == 1


def test_what_changed_since_the_page_was_shown_is_shown_first(alder: Network, asker, discussion, priya) -> None:
    url = f"/discussions/{discussion.id}/share/"
    seen = {"identity": "named", "redactions": "", "previewed": mark_of(asker.get(url)), "share": "1"}
    inside(alder, discussions.edit_discussion, discussion, title="Other", body="Another text", by=priya)

    answer = asker.post(url, seen)

    assert ("Another text" in the_frame(answer), published()) == (True, [])


def test_what_is_wrong_is_kept_and_explained(asker, discussion) -> None:
    url = f"/discussions/{discussion.id}/share/"

    answer = asker.post(url, {"identity": "loud", "redactions": "x" * 201 + "\nKeep me", "share": "1"})

    page = answer.content.decode()
    assert (answer.status_code, "There is a problem" in page, "<title>Error: " in page) == (422, True, True)
    assert ("Keep me" in page, published()) == (True, [])


def test_words_to_cut_that_are_not_there_share_nothing(asker, discussion) -> None:
    url = f"/discussions/{discussion.id}/share/"
    seen = {"identity": "role", "redactions": "kangaroo", "previewed": "", "share": "1"}

    answer = asker.post(url, seen)
    again = asker.post(url, seen | {"previewed": mark_of(answer)})

    assert (answer.status_code, again.status_code, published()) == (422, 422, [])
    assert "“kangaroo” is not in the title or the text." in text_of(again)
    assert "kangaroo</textarea>" in again.content.decode()


def test_what_gives_an_author_away_is_said(alder: Network, asker, discussion, priya) -> None:
    inside(alder, discussions.edit_discussion, discussion, title="Canary", body="Ask Priya Raman.", by=priya)

    page = asker.post(
        f"/discussions/{discussion.id}/share/", {"identity": "anonymous", "redactions": "", "preview": "1"}
    )

    assert "It still says “Priya Raman”" in text_of(page)


def test_the_panel_shares_what_it_shows(asker, discussion) -> None:
    page = asker.get(f"/discussions/{discussion.id}/")

    asker.post(
        f"/discussions/{discussion.id}/share/",
        {"identity": "named", "redactions": "", "previewed": mark_of(page), "share": "1"},
    )

    assert published() == ["Canary question"]
    assert "Shared with the Collective since" in text_of(asker.get(f"/discussions/{discussion.id}/"))


def test_a_kept_category_is_said_before_anything_is_chosen(alder: Network, asker, desk, discussion) -> None:
    desk.post("/manage/sharing/", {"kept_categories": [discussion.category.name]})
    seen = {"identity": "named", "redactions": "", "share": "1"}

    page = asker.get(f"/discussions/{discussion.id}/share/")
    answer = asker.post(f"/discussions/{discussion.id}/share/", seen | {"previewed": mark_of(page)})

    assert "This network keeps Buildings to itself." in text_of(page)
    assert 'name="share"' not in page.content.decode()
    assert (answer.status_code, published()) == (422, [])


# Withdrawing


def test_withdrawing_says_what_happens_to_whom(alder: Network, birch, asker, discussion, priya, martin) -> None:
    with in_network(alder):
        share(discussion, priya)
        away_reply(discussion, martin, birch)
    url = f"/discussions/{discussion.id}/share/withdraw/"

    asked = text_of(asker.get(url))
    done = asker.post(url, follow=True)

    assert "It leaves search and every other network at once." in asked
    assert "The answer from another network stays here, and its author is told." in asked
    assert published() == []
    assert "Withdrawn. No other network can see it now." in text_of(done)
    assert f'action="/discussions/{discussion.id}/share/"' in done.content.decode()
    assert (asker.get(url).status_code, asker.post(url).status_code) == (404, 404)


def test_share_again_shows_first(alder: Network, asker, discussion, priya) -> None:
    inside(alder, share, discussion, priya, identity="role", redactions=["Hartwell & Dunne"])
    inside(alder, services.withdraw_item, "discussion", discussion.id, by=priya)

    again = asker.post(f"/discussions/{discussion.id}/share/")

    assert (again.status_code, published()) == (200, [])
    assert "removed" in the_frame(again)


def test_an_organiser_withdraws_what_another_shared(alder: Network, desk, discussion, priya) -> None:
    inside(alder, share, discussion, priya)

    led = desk.get(f"/discussions/{discussion.id}/share/")
    desk.post(led["Location"])

    assert (led["Location"], published()) == (f"/discussions/{discussion.id}/share/withdraw/", [])


def test_a_publication_leads_home(alder: Network, asker, discussion, priya) -> None:
    inside(alder, share, discussion, priya)
    publication_id = inside(alder, SharedItem.objects.get).publication_id

    assert asker.get(f"/sharing/{publication_id}/")["Location"] == f"/discussions/{discussion.id}/"
    inside(alder, services.withdraw_item, "discussion", discussion.id, by=priya)
    assert asker.get(f"/sharing/{publication_id}/").status_code == 404


# The ledger and the desk


def test_the_ledger_shows_every_member_what_left(alder: Network, desk, discussion, priya) -> None:
    assert "Nothing has left this network" in text_of(desk.get("/sharing/"))
    with in_network(alder):
        share(discussion, priya, redactions=["canary"])
        services.withdraw_item("discussion", discussion.id, by=priya)

    page = text_of(desk.get("/sharing/"))

    assert "No things are shared with the Collective now." in page
    assert page.count("[removed] question") == 2
    assert ("Withdrawn" in page, "Priya Raman" in page, "Canary" in page) == (True, True, False)


def test_the_desk_is_for_organisers(asker, desk) -> None:
    answer = asker.get("/manage/sharing/")

    assert (answer.status_code, desk.get("/manage/sharing/").status_code) == (403, 200)
    assert "Only organisers can change this." in text_of(answer)
    assert asker.post("/manage/sharing/", {"approval_required": "on"}).status_code == 403


def test_the_policy_is_saved_and_in_the_ledger(alder: Network, birch, desk) -> None:
    values = {"approval_required": "on", "kept_categories": ["Staff"], "blocked_networks": [str(birch.id)]}

    answer = desk.post("/manage/sharing/", values, follow=True)

    policy = inside(alder, Policy.objects.get)
    assert "Saved. The policy counts from now on." in text_of(answer)
    assert (policy.approval_required, policy.kept_categories, policy.blocked_networks) == (True, ["Staff"], [birch.id])
    assert inside(alder, LedgerEntry.objects.get).action == "policy_changed"


def test_a_policy_that_is_wrong_is_explained(alder: Network, desk) -> None:
    answer = desk.post("/manage/sharing/", {"kept_categories": ["Nothing"], "blocked_networks": ["x", str(alder.id)]})

    assert (answer.status_code, "There is a problem" in text_of(answer)) == (422, True)
    assert inside(alder, Policy.objects.get).kept_categories == []


def test_saving_the_policy_keeps_a_suspended_network_blocked(alder: Network, birch, desk, helen) -> None:
    inside(
        alder,
        services.update_policy,
        approval_required=False,
        kept_categories=[],
        blocked_networks=[birch.id],
        by=helen,
    )
    suspend_network(birch, by=Actor.system("command"))

    page = desk.get("/manage/sharing/").content.decode()

    assert re.search(rf'value="{birch.id}"[^>]* checked', page)


def test_an_organiser_decides_on_what_the_page_showed(alder: Network, asker, desk, discussion, priya, helen) -> None:
    ask_first(alder, helen)
    shown = asker.get(f"/discussions/{discussion.id}/share/")
    asked = asker.post(
        f"/discussions/{discussion.id}/share/",
        {"identity": "anonymous", "previewed": "x", "share": "1"},
    )
    values = {"identity": "anonymous", "redactions": "", "previewed": mark_of(asked), "share": "1"}
    done = asker.post(f"/discussions/{discussion.id}/share/", values, follow=True)
    item = inside(alder, SharedItem.objects.get)
    url = f"/manage/sharing/{item.id}/decide/"
    assert "Ask an organiser to share it" in text_of(shown)
    assert "An organiser checks it before it leaves." in text_of(done)
    assert "Priya Raman asks to share it, without saying who or where." in text_of(desk.get("/manage/sharing/"))

    page = desk.get(url)
    inside(alder, discussions.edit_discussion, discussion, title="Changed", body="Changed", by=priya)
    late = desk.post(url, {"decision": "approve", "seen": mark_of(page)})
    assert ("It was changed while you looked." in text_of(late), published()) == (True, [])
    desk.post(url, {"decision": "approve", "seen": mark_of(late)})

    assert published() == ["Changed"]
    assert desk.get(url)["Location"] == "/manage/sharing/"


def test_an_organiser_keeps_it_here(alder: Network, asker, desk, discussion, priya, helen) -> None:
    ask_first(alder, helen)
    inside(alder, share, discussion, priya)
    url = f"/manage/sharing/{inside(alder, SharedItem.objects.get).id}/decide/"

    answer = desk.post(url, {"decision": "refuse", "seen": mark_of(desk.get(url))}, follow=True)

    assert "It stays in this network." in text_of(answer)
    assert (inside(alder, SharedItem.objects.get).state, published()) == (ShareState.REFUSED, [])
    assert "An organiser kept this in the network." in text_of(asker.get(f"/discussions/{discussion.id}/"))


def test_stopping_to_ask(alder: Network, asker, discussion, priya, helen) -> None:
    ask_first(alder, helen)
    inside(alder, share, discussion, priya)
    url = f"/discussions/{discussion.id}/share/withdraw/"

    assert "Stop asking to share this?" in text_of(asker.get(url))
    asker.post(url)

    assert inside(alder, SharedItem.objects.get).state == ShareState.WITHDRAWN


@pytest.mark.parametrize("url", ["/sharing/", "/manage/sharing/"])
def test_the_desk_and_the_ledger_cost_the_same_for_one_and_three(alder: Network, desk, priya, helen, url) -> None:
    ask_first(alder, helen)
    costs = []
    for number in range(3):
        inside(alder, lambda number=number: share(make_discussion(priya, title=f"Number {number}"), priya))
        desk.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert f"Number {number}" in text_of(desk.get(url))
        costs.append(len(captured))

    assert len(set(costs)) == 1


# Hostile text


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\x00" not in text])
def test_hostile_text_is_shown_as_text(alder: Network, asker, desk, priya, helen, text) -> None:
    ask_first(alder, helen)
    discussion = inside(alder, make_discussion, priya, title=f"a {text}"[:200], body=f"b {text}")
    url = f"/discussions/{discussion.id}/share/"
    inside(alder, share, discussion, priya)
    item = inside(alder, SharedItem.objects.get)

    pages = [
        asker.get(url),
        asker.post(url, {"identity": "role", "redactions": text[:200], "preview": "1"}),
        asker.post(url, {"identity": text, "redactions": text, "share": text, "previewed": text}),
        asker.get(f"{url}withdraw/"),
        asker.get("/sharing/"),
        desk.get("/manage/sharing/"),
        desk.post("/manage/sharing/", {"kept_categories": [text], "blocked_networks": [text]}),
        desk.get(f"/manage/sharing/{item.id}/decide/"),
        desk.post(f"/manage/sharing/{item.id}/decide/", {"decision": text, "seen": text}),
    ]

    assert {page.status_code for page in pages} <= {200, 422}
    assert [dangers_in(page) for page in pages] == [[]] * len(pages)


def test_nul_is_refused_in_every_field(alder: Network, asker, desk, discussion) -> None:
    answers = [
        asker.post(f"/discussions/{discussion.id}/share/", {"identity": "named", "redactions": "a\x00b"}),
        desk.post("/manage/sharing/", {"kept_categories": ["a\x00b"]}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
