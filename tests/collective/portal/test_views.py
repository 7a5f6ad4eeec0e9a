"""Pages of the portal: what a reader finds, what no reader may, and what answering does."""

import html
import re

import pytest
from django.test import Client

from collective.publications import services as publishing
from collective.publications.enums import Identity, PublicationKind
from collective.publications.models import Publication, PublicationReply, ReturnedReply
from shared_apps.accounts.models import User
from shared_apps.accounts.services import revoke_access
from shared_apps.audit.services import Actor
from shared_apps.operator.services import suspend_network
from tenants.context import in_collective
from tenants.ids import new_id
from tenants.models import Network
from tests.builders.accounts import client_of, host_of, make_account
from tests.builders.hostile import HOSTILE, dangers_in
from tests.builders.pages import count_queries, text_of
from tests.builders.publications import publish, reply

PATHS = (
    "/",
    "/waiting/",
    "/suppliers/",
    "/suppliers/acme/",
    "/answers/",
    "/publications/{id}/",
    "/answers/{reply}/edit/",
    "/answers/{reply}/withdraw/",
)
RECOMMENDED = {
    "kind": PublicationKind.RECOMMENDATION,
    "title": "Acme: would use again",
    "supplier_key": "acme",
    "supplier_name": "Acme Catering",
    "supplier_website": "https://acme.example",
    "response": 5,
    "quality": 4,
    "value": 3,
    "would_use_again": True,
}


@pytest.fixture
def martin(birch: Network) -> User:
    return make_account(birch, email="martin@birch.example", name="Martin Bayliss")


@pytest.fixture
def reader(martin) -> Client:
    return client_of(martin, "collective")


@pytest.fixture
def priya(alder: Network) -> User:
    return make_account(alder, email="priya@alder.example", name="Priya Raman")


@pytest.fixture
def asker(priya) -> Client:
    return client_of(priya, "collective")


@pytest.fixture
def question(alder: Network) -> Publication:
    return shared(alder, title="Canary question", body="Who tests **appliances**?", shown_name="Priya Raman")


def shared(network: Network, **values) -> Publication:
    with in_collective():
        return publish(network, **values)


def answered(publication: Publication, network: Network, account: User, **values) -> PublicationReply:
    with in_collective():
        return reply(publication, network, account_id=account.pk, **values)


def block(network: Network, other: Network) -> None:
    with in_collective():
        publishing.save_origin(network, blocks=[other.id])


# Who gets in


@pytest.mark.parametrize("path", PATHS)
def test_strangers_sign_in_first(path, db) -> None:
    url = path.format(id=new_id(), reply=new_id())

    answer = Client(headers={"host": host_of("collective")}).get(url)

    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={url}")


def test_who_has_lost_the_last_network_is_let_in_no_more(birch: Network, martin, reader, question) -> None:
    revoke_access(account_id=martin.pk, network=birch)

    answer = reader.get("/")

    assert (answer.status_code in (302, 403), "Canary" in answer.content.decode()) == (True, False)


def test_posts_without_the_pages_token_are_refused(reader, question) -> None:
    reader.handler.enforce_csrf_checks = True

    assert reader.post(f"/publications/{question.id}/", {"body": "x"}).status_code == 403


@pytest.mark.parametrize("who", ["nobody", "another"])
def test_only_ones_own_answer_is_changed(alder: Network, birch, question, priya, martin, who) -> None:
    made = answered(question, birch, martin)
    reply_id = made.id if who == "another" else new_id()
    client = client_of(priya, "collective")

    for act in (client.get, client.post):
        assert act(f"/answers/{reply_id}/edit/").status_code == 404
        assert act(f"/answers/{reply_id}/withdraw/").status_code == 404
    assert client.post(f"/answers/{reply_id}/returned/").status_code == 404
    with in_collective():
        assert PublicationReply.objects.count() == 1


# Searching


def test_a_sentence_finds_its_answer(birch: Network, alder, reader, question, martin) -> None:
    answered(question, birch, martin, body="Circuit Sense test every appliance in one visit.")

    page = reader.get("/?q=who+could+test+our+appliances").content.decode()

    assert "<b>1 result</b> from the networks, best match first." in page
    assert "<mark>tests</mark> <mark>appliances</mark>" in page
    assert "Circuit Sense" in page
    assert "Priya Raman" in page


def test_without_a_question_the_newest_are_shown(reader, question) -> None:
    page = text_of(reader.get("/"))

    assert "1 result from the networks, newest first." in page
    assert "Canary question" in page


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "Nothing is shared yet"), ("?q=defibrillator", "Nothing shared matches that"), ("?q=the", "Nothing shared")],
)
def test_nothing_found_says_what_to_do(reader, query, words) -> None:
    page = reader.get(f"/{query}")

    assert words in text_of(page)
    assert "next=%2Fdiscussions%2Fnew%2F" in page.content.decode()


def test_filters_narrow_and_can_be_taken_off(alder: Network, birch, reader, question) -> None:
    shared(birch, **RECOMMENDED)

    page = reader.get(f"/?q=canary&kind=question&answered=no&network={alder.id}&when=year&phase=Primary")

    chips = re.findall(r'class="chip" href="([^"]+)"', page.content.decode())
    assert len(chips) == 5
    assert all("q=canary" in html.unescape(chip) for chip in chips)
    assert 'name="kind" value="question"' in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "page=0&page=99999&page=x",
        "kind=%00&answered=maybe&phase=%00&category=%00&network=x&when=never",
        "network=" + "1" * 40,
        "q=" + "a" * 5000,
        "q=%22unbalanced+OR+%26+%7C+%21+%3A%2A+%28",
        "q=%00%F0%9F%98%80%ff",
        "kind=question&kind=question&kind=nothing",
    ],
)
def test_odd_addresses_are_answered(reader, question, query) -> None:
    answer = reader.get(f"/?{query}")

    assert (answer.status_code, dangers_in(answer)) == (200, [])


def test_pages_of_results(alder: Network, reader) -> None:
    for number in range(21):
        shared(alder, title=f"Canary {number:02}")

    first, second, far = (text_of(reader.get(f"/?q=canary&page={page}")) for page in (1, 2, 40))

    assert "1 to 20 of 21" in first
    assert "21 to 21 of 21" in second
    assert "1 to 20 of 21" in far


def test_the_search_page_costs_the_same_for_one_and_three(alder: Network, birch, reader, martin) -> None:
    costs = []
    for number in range(3):
        made = shared(alder, title=f"Canary {number}", body="About appliances")
        answered(made, birch, martin, body="Appliances, yes.")
        shared(alder, **RECOMMENDED | {"supplier_key": f"acme-{number}", "body": "Tests appliances"})
        costs.append(count_queries(reader, "/?q=appliances"))

    assert len(set(costs)) == 1
    assert costs[0] <= 20


@pytest.mark.parametrize("path", ["/publications/{id}/", "/waiting/", "/suppliers/", "/suppliers/acme/", "/answers/"])
def test_the_other_pages_cost_the_same_for_one_and_three(alder: Network, birch, reader, martin, path) -> None:
    made = shared(alder)
    costs = []
    for _ in range(3):
        answered(made, birch, martin)
        answered(shared(alder), birch, martin)
        shared(alder, **RECOMMENDED)
        costs.append(count_queries(reader, path.format(id=made.id)))

    assert len(set(costs)) == 1
    assert costs[0] <= 9


# What nobody may find


PLACES = ("/", "/?q=canary", "/waiting/", "/suppliers/", "/suppliers/canary/", "/publications/{id}/", "/answers/")


def everything_on(client: Client, *publications: Publication) -> str:
    paths = {path.format(id=each.id) for path in PLACES for each in publications}
    return "\n".join(client.get(path).content.decode() for path in sorted(paths))


@pytest.fixture
def canaries(alder: Network, birch, martin) -> list[Publication]:
    """A question with a reply, and a recommendation, of alder."""
    asked = shared(alder, title="canary question", category="canary category", phase="canary phase")
    answered(asked, birch, martin, body="I know that bird")
    said = {"supplier_key": "canary", "supplier_name": "canary supplier", "body": "canary words"}
    return [asked, shared(alder, **RECOMMENDED | said)]


def test_everything_shows_to_a_reader_who_may(reader, canaries) -> None:
    page = everything_on(reader, *canaries)

    for word in ("question", "category", "phase", "supplier", "words"):
        assert f"canary {word}" in page


@pytest.mark.parametrize("why", ["alder blocks birch", "birch blocks alder", "suspended", "withdrawn"])
def test_nothing_shows_to_a_reader_who_may_not(alder: Network, birch, reader, canaries, why) -> None:
    if why == "suspended":
        suspend_network(alder, by=Actor.system())
    elif why == "withdrawn":
        with in_collective():
            for each in canaries:
                publishing.withdraw_publication(each.id, origin_id=alder.id)
    else:
        block(*((alder, birch) if why == "alder blocks birch" else (birch, alder)))

    page = everything_on(reader, *canaries).replace('value="canary"', "").replace("?q=canary", "")

    assert "canary" not in page.replace("canary - ", "").replace("<title>canary", "")
    assert alder.name not in page
    assert reader.get(f"/publications/{canaries[0].id}/").status_code == 404
    assert reader.get("/suppliers/canary/").status_code == 404


def test_replies_of_a_blocked_network_show_nowhere(alder: Network, birch, reader, martin, priya) -> None:
    cedar = Network(id=new_id(), name="Cedar Network", subdomain="cedar", colour="#000000", region="")
    with in_collective():
        publishing.save_origin(cedar)
        made = publish(cedar, title="appliances", body="Who tests?")
        publishing.mark_reply_as_answer(
            reply(made, alder, account_id=priya.pk, body="canary appliances", shown_name="Priya Raman").id,
            publication_id=made.id,
            origin_id=cedar.id,
            is_answer=True,
        )
        reply(made, birch, account_id=martin.pk, body="our own reply")
    paths = ("/", "/?q=appliances", f"/publications/{made.id}/")
    before = "".join(reader.get(path).content.decode() for path in paths)
    block(alder, birch)

    after = "".join(reader.get(path).content.decode() for path in paths)

    assert ("canary" in before, "Priya Raman" in before, "2 replies" in before) == (True, True, True)
    assert ("canary" in after, "Priya Raman" in after, "2 replies" in after) == (False, False, False)
    assert ("our own reply" in after, "1 reply" in after) == (True, True)


def test_what_one_answered_is_not_named_where_it_may_not_be_seen_but_can_be_taken_back(
    alder: Network, birch, reader, question, martin
) -> None:
    made = answered(question, birch, martin)
    block(alder, birch)

    page = text_of(reader.get("/answers/"))
    asked = reader.get(f"/answers/{made.id}/withdraw/")

    assert ("Canary" in page, "A question you can no longer see" in page) == (False, True)
    assert "Canary" not in asked.content.decode()
    assert reader.get(f"/answers/{made.id}/edit/").status_code == 404
    reader.post(f"/answers/{made.id}/withdraw/")
    with in_collective():
        assert not PublicationReply.objects.exists()


# Anonymous


def test_an_anonymous_thing_shows_nobody_and_no_network(alder: Network, reader) -> None:
    nameless = shared(alder, title="canary question", identity=Identity.ANONYMOUS)
    said = RECOMMENDED | {"supplier_key": "canary", "identity": Identity.ANONYMOUS}
    recommended = shared(alder, **said)

    page = everything_on(reader, nameless, recommended)

    for word in (alder.name, str(alder.id), alder.subdomain + ".", "16:20", "T16:"):
        assert word not in page, word
    assert "canary question" in page
    assert "A member of another network" in page


def test_search_by_network_does_not_find_what_is_anonymous(alder: Network, reader, question) -> None:
    shared(alder, title="canary nameless", identity=Identity.ANONYMOUS)

    page = text_of(reader.get(f"/?q=canary&network={alder.id}"))

    assert ("Canary question" in page, "canary nameless" in page) == (True, False)


def test_two_anonymous_things_of_one_network_look_like_two_of_two(alder: Network, birch, reader, asker) -> None:
    """What differs between two anonymous things is only what their authors wrote."""
    first, second = (shared(network, identity=Identity.ANONYMOUS) for network in (alder, alder))
    third = shared(birch, identity=Identity.ANONYMOUS)
    other = client_of(make_account(alder, birch, email="both@both.example", name="Bea Both"), "collective")

    pages = {
        re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken\W+value=\W\w+", "", hits)
        for hits in re.findall(r'<article class="hit">.*?</article>', other.get("/").content.decode(), re.DOTALL)
    }

    assert len(pages) == 1
    assert {each.id.version for each in (first, second, third)} == {4}


def test_an_anonymous_answer_shows_its_day_alone(alder: Network, birch, asker, question, martin) -> None:
    made = answered(question, birch, martin, identity=Identity.ANONYMOUS, body="From nobody")
    with in_collective():
        PublicationReply.objects.update(created_at="2026-11-12T13:47:11Z")

    page = asker.get(f"/publications/{question.id}/").content.decode()

    assert "From nobody" in page
    for word in (birch.name, "Martin", "13:47", str(birch.id)):
        assert word not in page, word
    assert made.id.version == 4


# Answering


def test_answer(alder: Network, birch, reader, question, martin) -> None:
    url = f"/publications/{question.id}/"

    asked = text_of(reader.get(url))
    done = reader.post(url, {"body": "We use **Circuit Sense**.", "identity": "named"}, follow=True)

    with in_collective():
        made = PublicationReply.objects.get()
    assert "Martin Bayliss, Birch Bursars" in asked
    assert done.redirect_chain == [(f"{url}#reply-{made.id}", 302)]
    assert "<strong>Circuit Sense</strong>" in done.content.decode()
    assert (made.account_id, made.network_id, made.shown_name, made.shown_network) == (
        martin.pk,
        birch.id,
        "Martin Bayliss",
        birch.name,
    )


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"body": "", "identity": "role"}, 'value="role"'),
        ({"body": "Keep me", "identity": "loud"}, "Keep me"),
        ({"body": "\u200b"}, "There is a problem"),
        ({"body": "x" * 20_001}, "x" * 20_001),
    ],
)
def test_an_answer_that_is_wrong_is_kept_and_explained(reader, question, values, kept) -> None:
    answer = reader.post(f"/publications/{question.id}/", values)

    page = answer.content.decode()
    assert (answer.status_code, "There is a problem" in page, kept in page) == (422, True, True)
    assert "<title>Error: Canary question" in page


def test_at_home_one_answers_in_the_discussion(alder: Network, asker, question) -> None:
    url = f"/publications/{question.id}/"

    page = asker.get(url)
    refused = asker.post(url, {"body": "Myself"})

    assert ('id="reply"' in page.content.decode(), "Open the discussion" in text_of(page)) == (False, True)
    assert f"next=%2Fsharing%2F{question.id}%2F" in page.content.decode()
    assert (refused.status_code, "own network’s discussion" in text_of(refused)) == (422, True)


def test_what_was_written_while_it_was_taken_back_is_given_back(alder: Network, reader, question) -> None:
    with in_collective():
        publishing.withdraw_publication(question.id, origin_id=alder.id)

    answer = reader.post(f"/publications/{question.id}/", {"body": "A long & careful answer"})

    assert (answer.status_code, "A long & careful answer" in text_of(answer)) == (404, True)
    assert "Canary" not in answer.content.decode()
    assert reader.post(f"/publications/{question.id}/", {"body": " "}).status_code == 404


def test_change_and_take_back_an_answer(birch: Network, reader, question, martin) -> None:
    made = answered(question, birch, martin, body="Old words")

    filled = reader.get(f"/answers/{made.id}/edit/")
    wrong = reader.post(f"/answers/{made.id}/edit/", {"body": ""})
    changed = reader.post(f"/answers/{made.id}/edit/", {"body": "New words"})
    asked = reader.get(f"/answers/{made.id}/withdraw/")
    taken = reader.post(f"/answers/{made.id}/withdraw/", follow=True)

    assert ("Old words" in filled.content.decode(), wrong.status_code) == (True, 422)
    assert changed["Location"] == f"/publications/{question.id}/#reply-{made.id}"
    assert "New words" in text_of(asked)
    assert "Taken back. Nobody can see your answer now." in text_of(taken)
    with in_collective():
        assert not PublicationReply.objects.exists()


def test_an_answer_that_went_home_meanwhile_is_found_under_ones_answers(
    alder: Network, birch, reader, question, martin
) -> None:
    made = answered(question, birch, martin)
    with in_collective():
        publishing.withdraw_publication(question.id, origin_id=alder.id)

    assert [reader.get(f"/answers/{made.id}/{act}/").status_code for act in ("edit", "withdraw")] == [404, 404]
    page = text_of(reader.get("/answers/"))
    assert (f"“{made.body}” You answered on" in page, "Canary" in page) == (True, False)
    assert "Have your answer removed?" in text_of(reader.get(f"/answers/{made.id}/returned/"))
    assert not _returned_text_is_gone()
    done = reader.post(f"/answers/{made.id}/returned/", follow=True)

    assert "Removed there" in text_of(done)
    assert _returned_text_is_gone()


def _returned_text_is_gone() -> bool:
    with in_collective():
        returned = ReturnedReply.objects.get()
    return (returned.withdrawn_at is not None, returned.excerpt) == (True, "")


def test_ones_answers(alder: Network, birch, reader, question, martin) -> None:
    assert "You have not answered yet" in text_of(reader.get("/answers/"))
    made = answered(question, birch, martin)
    with in_collective():
        publishing.mark_reply_as_answer(made.id, publication_id=question.id, origin_id=alder.id, is_answer=True)

    assert "Canary question Your name" in text_of(reader.get("/answers/"))
    assert "Marked as an answer" in text_of(reader.get("/answers/"))


# Waiting and suppliers


def test_waiting_shows_other_networks_questions(alder: Network, birch, reader, question) -> None:
    shared(birch, title="Our own")

    page = text_of(reader.get("/waiting/"))

    assert ("Canary question" in page, "Our own" in page) == (True, False)


def test_nothing_waits(reader) -> None:
    assert "Everything has an answer" in text_of(reader.get("/waiting/"))


def test_suppliers_gather_what_networks_say(alder: Network, birch, reader) -> None:
    shared(alder, **RECOMMENDED)
    shared(birch, **RECOMMENDED | {"would_use_again": False, "value": 1, "body": "Too dear"})

    found, none = text_of(reader.get("/suppliers/?q=cater")), text_of(reader.get("/suppliers/?q=nobody"))
    page = reader.get("/suppliers/acme/")

    assert "Acme Catering 3.7 out of 5 1 school recommends in 2 networks" in found
    assert "No supplier like that" in none
    assert "1 of 2 would use them again." in text_of(page)
    assert 'href="https://acme.example" rel="nofollow noopener noreferrer"' in page.content.decode()
    assert "Too dear" in text_of(page)


def test_a_recommendation_leads_to_its_supplier_and_takes_no_answers(alder: Network, reader) -> None:
    made = shared(alder, **RECOMMENDED)
    url = f"/publications/{made.id}/"

    page, refused = reader.get(url), reader.post(url, {"body": "x"})

    assert ('href="/suppliers/acme/"' in page.content.decode(), 'id="reply"' in page.content.decode()) == (True, False)
    assert (refused.status_code, "takes no answers" in text_of(refused)) == (422, True)


@pytest.mark.parametrize("key", ["nobody", "%00", "%ff", "..", "a" * 500])
def test_a_supplier_nobody_knows_is_not_there(reader, key) -> None:
    assert reader.get(f"/suppliers/{key}/").status_code == 404


# Hostile text


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\x00" not in text])
def test_hostile_text_is_shown_as_text(alder: Network, birch, reader, asker, martin, text) -> None:
    made = shared(alder, title=f"a {text}"[:200], body=f"b {text}", shown_name=text[:120], shown_role=text[:200])
    said = {"supplier_key": "canary", "supplier_name": text[:120], "body": text, "category": text[:60]}
    shared(alder, **RECOMMENDED | said)
    url = f"/publications/{made.id}/"

    posted = reader.post(url, {"body": f"c {text}", "identity": "named"})
    answer_id = posted["Location"].split("#reply-")[1]
    pages = [
        *(client.get(path) for client in (reader, asker) for path in ("/", url, "/suppliers/", "/suppliers/canary/")),
        reader.get("/", {"q": text, "kind": text, "phase": text, "category": text, "network": text, "page": text}),
        reader.get("/suppliers/", {"q": text, "page": text}),
        reader.get("/answers/"),
        reader.get(f"/answers/{answer_id}/edit/"),
        reader.get(f"/answers/{answer_id}/withdraw/"),
        reader.get("/waiting/", {"page": text}),
        reader.post(url, {"body": (text * 3000)[:30_000], "identity": text}),
    ]

    assert {page.status_code for page in pages} <= {200, 422}
    assert [dangers_in(page) for page in pages] == [[]] * len(pages)


def test_nul_is_refused_in_an_answer(reader, question) -> None:
    assert reader.post(f"/publications/{question.id}/", {"body": "a\x00b"}).status_code == 422


def test_cuts_are_drawn_as_cuts(alder: Network, reader) -> None:
    shared(alder, title="Canary", body="Our caterer [removed] <b>retired</b>")

    for path in ("/", "/?q=caterer"):
        page = reader.get(path).content.decode()
        assert '<span class="cut">removed</span> &lt;b&gt;retired' in page
