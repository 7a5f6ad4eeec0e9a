"""Pages of suppliers: who sees what, what they cost, what hostile text does, and that nothing crosses networks."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collective.publications.models import Publication
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Posting
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier, SupplierCategory
from tenants.context import in_collective, in_network
from tenants.ids import new_id
from tenants.models import Network
from tests.builders.hostile import SHORT, dangers_in, naughty_strings
from tests.builders.members import MOOR_END, client_of, make_member
from tests.builders.pages import text_of
from tests.builders.suppliers import make_note, make_recommendation, make_supplier, share

ANSWERS = {
    "response": "5",
    "quality": "4",
    "value": "3",
    "would_use_again": "yes",
    "text": "They turned up the same day.",
    "phase": "Primary",
    "size": "211 to 420",
}


@pytest.fixture
def supplier(alder: Network, helen) -> Supplier:
    with in_network(alder, joining_transaction=True):
        return make_supplier(helen, website="greenfield.example", description="Cooks for schools.")


@pytest.fixture
def client(alder: Network, priya) -> Client:
    return client_of(priya, alder)


@pytest.fixture
def desk(alder: Network, helen) -> Client:
    return client_of(helen, alder)


def in_alder(alder: Network, act, *args, **kwargs):
    with in_network(alder, joining_transaction=True):
        return act(*args, **kwargs)


def category_id(alder: Network, name: str = "Catering") -> str:
    return str(in_alder(alder, SupplierCategory.objects.get, name=name).id)


def count_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_shows_who_recommends(alder: Network, client, supplier, helen) -> None:
    in_alder(alder, make_recommendation, supplier, helen)

    page = text_of(client.get("/suppliers/"))

    assert "Greenfield Kitchens 4.0 out of 5 1 school recommends Catering Cooks for schools." in page


def test_the_list_searches_filters_and_keeps_what_was_asked(alder: Network, client, supplier, helen) -> None:
    in_alder(alder, make_supplier, helen, name="Able Energy", categories=("Energy",))

    found = text_of(client.get("/suppliers/?q=cooks"))
    by_category = client.get("/suppliers/?category=Energy&sort=name&q=able")
    none = client.get("/suppliers/?q=nobody")

    assert ("Greenfield Kitchens" in found, "Able Energy" in found) == (True, False)
    assert "Able Energy" in text_of(by_category)
    assert 'href="/suppliers/?q=able&amp;category=Energy"' in by_category.content.decode()
    assert "No supplier matches" in text_of(none)
    assert 'href="/suppliers/new/?name=nobody"' in none.content.decode()


def test_an_empty_list_says_what_to_do(alder: Network, client) -> None:
    assert "No suppliers yet" in text_of(client.get("/suppliers/"))
    assert "Nobody here yet" in text_of(client.get("/suppliers/?category=Energy"))


def test_the_list_turns_its_pages(alder: Network, client, helen) -> None:
    with in_network(alder, joining_transaction=True):
        for number in range(21):
            make_supplier(helen, name=f"Supplier {number:02}")

    first, second = (text_of(client.get(f"/suppliers/?page={page}")) for page in (1, 2))

    assert ("Supplier 00" in first, "Supplier 20" in first, "Supplier 20" in second) == (True, False, True)
    assert "1 to 20 of 21" in first


def test_the_list_costs_the_same_for_one_and_three(alder: Network, client, helen) -> None:
    with in_network(alder, joining_transaction=True):
        make_supplier(helen, name="One", categories=("Catering", "Cleaning"))
    client.get("/suppliers/")
    one = count_queries(client, "/suppliers/")
    with in_network(alder, joining_transaction=True):
        make_supplier(helen, name="Two", categories=("Catering", "Energy"))
        make_recommendation(make_supplier(helen, name="Three"), helen)

    assert count_queries(client, "/suppliers/") == one
    assert one <= 10


def test_the_supplier_page_costs_the_same_for_one_and_three(alder: Network, client, supplier, priya, helen) -> None:
    with in_network(alder, joining_transaction=True):
        share(make_recommendation(supplier, helen), helen)
        make_note(supplier, priya)
    url = f"/suppliers/{supplier.id}/"
    client.get(url)
    one = count_queries(client, url)
    with in_network(alder, joining_transaction=True):
        for name in ("Rob Casey", "Dawn Okafor"):
            member = make_member(alder, name=name, school=MOOR_END)
            share(make_recommendation(supplier, member), member)
            make_note(supplier, member)

    assert count_queries(client, url) == one
    assert one <= 17


def test_add_a_supplier(alder: Network, client, priya) -> None:
    chosen = category_id(alder)

    response = client.post(
        "/suppliers/new/",
        {
            "name": "Greenfield Kitchens",
            "website": "greenfield.example",
            "categories": [chosen],
            "description": "Cooks.",
        },
    )

    supplier = in_alder(alder, Supplier.objects.get)
    assert (response.status_code, response["Location"]) == (302, f"/suppliers/{supplier.id}/")
    assert (supplier.website, supplier.created_by_id) == ("https://greenfield.example", priya.id)


def test_add_a_supplier_offers_the_same_one(alder: Network, client, supplier) -> None:
    chosen = category_id(alder)

    response = client.post(
        "/suppliers/new/", {"name": "Other name", "website": "www.greenfield.example/a", "categories": [chosen]}
    )

    assert response.status_code == 422
    assert "<title>Error: Add a supplier" in response.content.decode()
    assert "This one is here already" in text_of(response)
    assert f'href="/suppliers/{supplier.id}/"' in response.content.decode()
    assert in_alder(alder, Supplier.objects.count) == 1


def test_add_a_supplier_asks_about_one_that_may_be_the_same(alder: Network, client, supplier) -> None:
    values = {"name": "Greenfeild Kitchens Ltd", "categories": [category_id(alder)]}

    asked = client.post("/suppliers/new/", values)
    added = client.post("/suppliers/new/", {**values, "anyway": "1"})

    assert asked.status_code == 200
    assert "Is it one of these?" in text_of(asked)
    assert "No, add Greenfeild Kitchens Ltd" in text_of(asked)
    assert (added.status_code, in_alder(alder, Supplier.objects.count)) == (302, 2)


def test_add_a_supplier_says_what_is_wrong(alder: Network, client) -> None:
    page = text_of(client.post("/suppliers/new/", {"name": "", "website": "javascript:alert(1)"}))

    for words in ("Write the supplier’s name", "Write an address like", "Choose at least one category"):
        assert words in page
    assert in_alder(alder, Supplier.objects.count) == 0


def test_correct_a_supplier(alder: Network, client, supplier) -> None:
    url = f"/suppliers/{supplier.id}/edit/"

    filled = client.get(url).content.decode()
    response = client.post(url, {"name": "Greenfold", "website": "", "categories": [category_id(alder, "Energy")]})

    assert ('value="Greenfield Kitchens"' in filled, "https://greenfield.example" in filled) == (True, True)
    assert response.status_code == 302
    changed = in_alder(alder, Supplier.objects.get)
    assert (changed.name, changed.website, changed.description) == ("Greenfold", "", "")


def test_archive_is_for_organisers_and_undone_from_the_message(alder: Network, client, desk, supplier) -> None:
    url = f"/suppliers/{supplier.id}/archive/"

    refused = client.post(url)
    listed = desk.post(url, follow=True)
    hidden = text_of(client.get("/suppliers/"))
    shown = text_of(desk.get("/suppliers/?show=archived"))
    not_shown = text_of(client.get("/suppliers/?show=archived"))
    page = text_of(client.get(f"/suppliers/{supplier.id}/"))
    desk.post(f"/suppliers/{supplier.id}/restore/")

    assert refused.status_code == 403
    assert f'action="/suppliers/{supplier.id}/restore/"' in listed.content.decode()
    assert ("Greenfield" in hidden, "Greenfield" in shown, "Greenfield" in not_shown) == (False, True, False)
    assert ("Archived" in page, "Recommend " in page) == (True, False)
    assert "Greenfield" in text_of(client.get("/suppliers/"))


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("act", ["archive", "restore"])
def test_nothing_changes_on_get(alder: Network, desk, supplier, act, method) -> None:
    assert getattr(desk, method)(f"/suppliers/{supplier.id}/{act}/").status_code == 405


def test_recommend(alder: Network, client, supplier, priya) -> None:
    url = f"/suppliers/{supplier.id}/recommend/"

    form = client.get(url).content.decode()
    response = client.post(url, ANSWERS, follow=True)

    said = in_alder(alder, Recommendation.objects.get)
    assert '<option value="211 to 420" selected>' in form
    assert (said.author_id, said.response, said.quality, said.value, said.would_use_again) == (priya.id, 5, 4, 3, True)
    assert response.redirect_chain[-1][0] == f"/suppliers/{supplier.id}/#recommendation-{said.id}"
    assert f'id="recommendation-{said.id}"' in response.content.decode()
    page = text_of(response)
    assert "1 school recommends of 1 who has used them" in page
    assert "You Moor End Primary School, primary, 211 to 420 pupils" in page
    assert "Response 5 Quality 4 Value 3 Would use again" in page


def test_recommend_and_see_what_sharing_would_show(alder: Network, client, supplier) -> None:
    response = client.post(f"/suppliers/{supplier.id}/recommend/", {**ANSWERS, "share": "1"})

    said = in_alder(alder, Recommendation.objects.get)
    assert response["Location"] == f"/recommendations/{said.id}/share/"
    preview = text_of(client.get(response["Location"]))
    for words in (
        "Greenfield Kitchens: would use again",
        "They turned up the same day.",
        "5 of 5",
        "greenfield.example",
    ):
        assert words in preview


@pytest.mark.parametrize("missing", ["response", "quality", "value", "would_use_again", "text"])
def test_recommend_needs_every_answer(alder: Network, client, supplier, missing) -> None:
    answers = {name: value for name, value in ANSWERS.items() if name != missing}

    response = client.post(f"/suppliers/{supplier.id}/recommend/", answers)

    assert (response.status_code, in_alder(alder, Recommendation.objects.count)) == (422, 0)
    assert f"#id_{missing}" in response.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"response": "6"}, {"value": "0"}, {"quality": "x"}, {"size": "vast"}, {"would_use_again": "maybe"}]
)
def test_recommend_refuses_other_answers(alder: Network, client, supplier, wrong) -> None:
    response = client.post(f"/suppliers/{supplier.id}/recommend/", ANSWERS | wrong)

    assert (response.status_code, in_alder(alder, Recommendation.objects.count)) == (422, 0)


def test_recommend_again_leads_to_what_was_said(alder: Network, client, supplier, priya) -> None:
    said = in_alder(alder, make_recommendation, supplier, priya)

    assert client.get(f"/suppliers/{supplier.id}/recommend/")["Location"] == f"/recommendations/{said.id}/edit/"
    assert "Change your recommendation" in text_of(client.get(f"/suppliers/{supplier.id}/"))


def test_edit_a_recommendation(alder: Network, client, desk, supplier, priya) -> None:
    said = in_alder(alder, make_recommendation, supplier, priya)
    url = f"/recommendations/{said.id}/edit/"

    filled = client.get(url)
    client.post(url, ANSWERS | {"text": "Gone downhill.", "would_use_again": "no", "phase": "", "size": ""})

    said = in_alder(alder, Recommendation.objects.get)
    assert "They turned up the same day when the fridge failed." in text_of(filled)
    assert (said.text, said.would_use_again, said.phase, said.size) == ("Gone downhill.", False, "", "")
    assert "No school recommends of 1 who has used them" in text_of(client.get(f"/suppliers/{supplier.id}/"))
    assert "Nobody would use them again" in text_of(client.get("/suppliers/"))
    assert desk.get(url).status_code == 404
    assert desk.post(url, ANSWERS).status_code == 404


def test_remove_asks_and_withdraws_first(alder: Network, client, supplier, priya) -> None:
    said = in_alder(alder, lambda: share(make_recommendation(supplier, priya), priya))
    url = f"/recommendations/{said.id}/remove/"

    asked = text_of(client.get(url))
    done = client.post(url, follow=True)

    assert "It is shared, so it is withdrawn first: it leaves search and every other network at once." in asked
    assert "Withdraw and remove" in asked
    assert "Withdrawn and removed. No other network can see it now." in text_of(done)
    with in_collective(joining_transaction=True):
        assert Publication.objects.count() == 0
    assert client.get(f"/recommendations/{said.id}/").status_code == 404


def test_remove_is_for_author_and_organisers(alder: Network, client, desk, supplier, helen) -> None:
    said = in_alder(alder, make_recommendation, supplier, helen)

    assert client.get(f"/recommendations/{said.id}/remove/").status_code == 404
    assert client.post(f"/recommendations/{said.id}/remove/").status_code == 404
    assert desk.get(f"/recommendations/{said.id}/remove/").status_code == 200


def test_a_shared_one_says_so_and_can_be_looked_at(alder: Network, client, desk, supplier, priya) -> None:
    said = in_alder(alder, lambda: share(make_recommendation(supplier, priya), priya))

    own = client.get(f"/suppliers/{supplier.id}/")
    others = desk.get(f"/suppliers/{supplier.id}/").content.decode()

    assert "Shared" in text_of(own)
    assert f'href="/recommendations/{said.id}/share/"' in own.content.decode()
    assert f"/recommendations/{said.id}/share/" not in others
    assert f"/recommendations/{said.id}/remove/" in others


def test_views_of_what_schools_say(alder: Network, client, supplier, helen) -> None:
    rob = make_member(alder, name="Rob Casey", school=MOOR_END)
    in_alder(alder, make_recommendation, supplier, helen, text="Worth every penny.", phase="Secondary")
    in_alder(alder, make_recommendation, supplier, rob, text="Never again.", would_use_again=False)
    url = f"/suppliers/{supplier.id}/"

    everything, like_yours, not_again = (
        text_of(client.get(f"{url}{show}")) for show in ("", "?show=like-yours", "?show=not-again")
    )

    assert "All 2 Schools like yours 1 Would not use again 1" in everything
    for page, penny, never in ((everything, 1, 1), (like_yours, 0, 1), (not_again, 0, 1)):
        assert (page.count("Worth every penny."), page.count("Never again.")) == (penny, never)


def test_what_another_network_shares_stands_beside(alder: Network, birch: Network, client, supplier) -> None:
    with in_network(birch, joining_transaction=True):
        martin = make_member(birch, name="Martin Bayliss")
        away = make_supplier(martin, name="Greenfield of Birch", website="greenfield.example")
        said = share(make_recommendation(away, martin, text="Too small for them."), martin)
        make_recommendation(away, make_member(birch, name="Ola Canary"), text="canary-not-shared")
        make_note(away, martin, text="canary-note")

    page = client.get(f"/suppliers/{supplier.id}/")

    assert "Too small for them." in text_of(page)
    assert birch.name in text_of(page)
    assert str(said.publication_id) in page.content.decode()
    assert "suppliers%2Fgreenfield.example%2F" in page.content.decode()
    assert "canary" not in page.content.decode().lower()


def test_a_note_is_kept_and_seen_at_ones_school_alone(alder: Network, client, desk, supplier, priya) -> None:
    colleague = client_of(make_member(alder, name="Rob Casey", school=MOOR_END), alder)
    url = f"/suppliers/{supplier.id}/"
    today = timezone.localdate()

    response = client.post(f"{url}notes/new/", {"happened_on": today.isoformat(), "text": "canary-note"}, follow=True)

    assert "Kept. It stays in your school." in text_of(response)
    assert "Only you and your colleagues at Moor End Primary School see this. It is never shared." in text_of(response)
    for reader, sees in ((client, True), (colleague, True), (desk, False)):
        for page in (url, f"{url}notes/"):
            assert ("canary-note" in reader.get(page).content.decode()) == sees
    for page in ("/suppliers/", "/suppliers/?q=canary-note", "/sharing/"):
        assert "canary-note" not in text_of(desk.get(page))


def test_a_note_is_changed_and_removed_by_its_author(alder: Network, client, desk, supplier, priya) -> None:
    colleague = client_of(make_member(alder, name="Rob Casey", school=MOOR_END), alder)
    note = in_alder(alder, make_note, supplier, priya)
    edit, remove = f"/service-notes/{note.id}/edit/", f"/service-notes/{note.id}/remove/"

    for other in (colleague, desk):
        assert [other.get(edit).status_code, other.post(edit, {}).status_code] == [404, 404]
        assert [other.get(remove).status_code, other.post(remove).status_code] == [404, 404]
    client.post(edit, {"happened_on": "2026-09-01", "text": "Late twice."})
    changed = in_alder(alder, ServiceNote.objects.get)
    asked = text_of(client.get(remove))
    client.post(remove)

    assert (changed.text, str(changed.happened_on)) == ("Late twice.", "2026-09-01")
    assert "Remove this note?" in asked
    assert in_alder(alder, ServiceNote.objects.count) == 0


def test_a_member_of_two_schools_says_whose_note_it_is(alder: Network, client, supplier, priya) -> None:
    second = in_alder(
        alder,
        Posting.objects.create,
        member=priya,
        school_id=new_id(),
        school_name="Ladywood Infants",
        job_title="Bursar",
        active_from=timezone.localdate(),
    )
    url, today = f"/suppliers/{supplier.id}/notes/new/", timezone.localdate().isoformat()

    page = text_of(client.get(url))
    refused = client.post(url, {"happened_on": today, "text": "Gate stuck.", "school": str(new_id())})
    client.post(url, {"happened_on": today, "text": "Gate stuck.", "school": str(second.id)})

    assert "Whose note is it?" in page
    assert refused.status_code == 422
    assert in_alder(alder, ServiceNote.objects.get).school_id == second.school_id


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-30", "9999-99-99", "3026-01-01"])
def test_a_note_needs_a_day_that_was(alder: Network, client, supplier, day) -> None:
    response = client.post(f"/suppliers/{supplier.id}/notes/new/", {"happened_on": day, "text": "Late."})

    assert (response.status_code, in_alder(alder, ServiceNote.objects.count)) == (422, 0)


def test_a_note_takes_the_day_as_people_write_it(alder: Network, client, supplier) -> None:
    day = timezone.localdate() - timedelta(days=40)

    client.post(f"/suppliers/{supplier.id}/notes/new/", {"happened_on": f"{day:%d %m %Y}", "text": "Late."})

    assert in_alder(alder, ServiceNote.objects.get).happened_on == day


def pages_of(supplier: Supplier, said: Recommendation, note: ServiceNote) -> list[str]:
    one, two, three = f"/suppliers/{supplier.id}/", f"/recommendations/{said.id}/", f"/service-notes/{note.id}/"
    return [
        *(f"{one}{page}" for page in ("", "edit/", "recommend/", "notes/", "notes/new/")),
        *(f"{two}{page}" for page in ("", "edit/", "remove/", "share/")),
        *(f"{three}{page}" for page in ("edit/", "remove/")),
    ]


def test_pages_are_for_members_of_the_network(alder: Network, birch: Network, client_for, supplier, helen) -> None:
    said, note = (in_alder(alder, make, supplier, helen) for make in (make_recommendation, make_note))
    stranger = client_for(alder)
    pages = ["/suppliers/", "/suppliers/new/", *pages_of(supplier, said, note)]

    assert {stranger.get(page)["Location"] for page in pages} == {f"/sign-in/?next={page}" for page in pages}


def test_ids_of_one_network_are_nothing_in_another(alder: Network, birch: Network, supplier, helen) -> None:
    said, note = (in_alder(alder, make, supplier, helen) for make in (make_recommendation, make_note))
    elsewhere = client_of(make_member(birch, name="Martin Bayliss", role=Role.OWNER), birch)
    at_home = client_of(helen, alder)
    pages = pages_of(supplier, said, note)
    acts = [*pages, f"/suppliers/{supplier.id}/archive/", f"/suppliers/{supplier.id}/restore/"]

    assert {at_home.get(page).status_code for page in pages} <= {200, 302}
    assert {elsewhere.get(page).status_code for page in pages} == {404}
    read_only = {f"/suppliers/{supplier.id}/", f"/suppliers/{supplier.id}/notes/", f"/recommendations/{said.id}/"}
    assert {elsewhere.post(act, ANSWERS).status_code for act in acts if act not in read_only} == {404}


def test_no_page_of_one_network_shows_what_another_has(alder: Network, birch: Network, client, priya) -> None:
    with in_network(birch, joining_transaction=True):
        martin = make_member(birch, name="Canary Martin", school="Canary School")
        away = make_supplier(martin, name="Canary Kitchens", website="canary.example", description="canary")
        make_recommendation(away, martin, text="canary-said")
        make_note(away, martin, text="canary-note")
    with in_network(alder, joining_transaction=True):
        own = make_supplier(priya, name="Greenfield Kitchens")
    there = client_of(martin, birch)

    pages = ["/suppliers/", "/suppliers/?q=canary", "/suppliers/?category=Catering", f"/suppliers/{own.id}/"]
    asked = re.compile(r"(\?q|name|value)=\"?canary")  # what the reader typed comes back
    here = "".join(asked.sub("", client.get(page).content.decode().lower()) for page in pages)
    same = client.post(
        "/suppliers/new/", {"name": "Canary Kitchens", "website": "canary.example", "categories": [category_id(alder)]}
    )

    assert "Canary Kitchens" in there.get("/suppliers/").content.decode()
    assert "canary" not in here.lower().replace("?q=canary", "").replace('value="canary"', "").replace(
        "name=canary", ""
    )
    assert same.status_code == 302


@pytest.mark.parametrize("html", ["<script>x</script>", "<p onclick=x>", "<img src=x>", "<a href='javascript:x'>"])
def test_dangers_would_be_noticed(html) -> None:
    assert len(dangers_in(HttpResponse(html))) == 1


@pytest.mark.parametrize("text", SHORT, ids=range(len(SHORT)))
def test_hostile_text_is_shown_as_text(alder: Network, client, priya, text) -> None:
    values = {"name": f"a {text}", "categories": [category_id(alder)], "description": text, "website": ""}
    today = timezone.localdate().isoformat()

    added = client.post("/suppliers/new/", values)
    if "\x00" in text:
        assert (added.status_code, in_alder(alder, Supplier.objects.count)) == (422, 0)
        return
    url = added["Location"]
    answers = [
        client.post(f"{url}recommend/", ANSWERS | {"text": f"x {text}", "phase": text, "size": text}),
        client.post(f"{url}recommend/", ANSWERS | {"text": f"x {text}"}),
        client.post(f"{url}notes/new/", {"happened_on": today, "text": f"x {text}"}),
        client.post(f"{url}notes/new/", {"happened_on": text, "text": f"x {text}"}),
        client.post(f"{url}edit/", {**values, "website": f"w {text}", "categories": [text]}),
        client.get("/suppliers/", {"q": text, "category": text, "sort": text, "page": text, "show": text}),
        client.get(url, {"show": text, "page": text}),
        client.get(f"{url}notes/"),
        client.get("/suppliers/new/", {"name": text}),
    ]

    assert [answer.status_code for answer in answers] == [422, 302, 302, 422, 422, 200, 200, 200, 200]
    assert [dangers_in(answer) for answer in answers] == [[]] * len(answers)


def test_naughty_strings_are_shown_as_text(alder: Network, client, priya, helen) -> None:
    strings = [text.replace("\x00", "") for text in naughty_strings()]
    with in_network(alder, joining_transaction=True):
        for number, text in enumerate(strings):
            make_supplier(priya, name=f"{number} {text}"[:120], description=text)
        supplier = make_supplier(priya)
        for author, some in ((priya, strings[::2]), (helen, strings[1::2])):
            make_recommendation(supplier, author, text="\n\n".join(some)[:5000])
            make_note(supplier, author, text="\n\n".join(some)[:2000])

    lists = [client.get(f"/suppliers/?sort=name&page={page}") for page in range(1, len(strings) // 20 + 2)]
    pages = [*lists, client.get(f"/suppliers/{supplier.id}/"), client.get(f"/suppliers/{supplier.id}/notes/")]

    assert {page.status_code for page in pages} == {200}
    assert [dangers_in(page) for page in pages] == [[]] * len(pages)
