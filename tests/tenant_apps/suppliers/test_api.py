"""Suppliers and recommendations for programs: what they read and write, and what another network's token gets."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collective.publications.models import Publication
from shared_apps.audit.models import Event
from tenant_apps.members.enums import Role
from tenant_apps.suppliers.models import Recommendation, Supplier
from tenants.context import in_collective, in_network
from tenants.ids import new_id
from tenants.models import Network
from tests.builders.hostile import SHORT
from tests.builders.members import make_member, program_of
from tests.builders.suppliers import SAID, make_note, make_recommendation, make_supplier, share

API = "/api/v1"


@pytest.fixture
def program(alder: Network, priya) -> Client:
    return program_of(priya, alder)


@pytest.fixture
def supplier(alder: Network, priya) -> Supplier:
    with in_network(alder, joining_transaction=True):
        return make_supplier(priya, website="greenfield.example", categories=("Catering", "Cleaning"))


def send(client: Client, method: str, path: str, body: object):
    return getattr(client, method)(f"{API}{path}", json.dumps(body), content_type="application/json")


def in_alder(alder: Network, act, *args, **kwargs):
    with in_network(alder, joining_transaction=True):
        return act(*args, **kwargs)


def test_a_supplier_has_the_fields_programs_rely_on(alder: Network, program, supplier, helen) -> None:
    in_alder(alder, make_recommendation, supplier, helen)

    shown = program.get(f"{API}/suppliers/{supplier.id}/").json()

    assert shown.pop("created_at")
    assert shown == {
        "id": str(supplier.id),
        "name": "Greenfield Kitchens",
        "categories": ["Catering", "Cleaning"],
        "website": "https://greenfield.example",
        "description": "",
        "archived": False,
        "is_example": False,
        "recommendations": 1,
        "would_use_again": 1,
        "ratings": {"response": 5.0, "quality": 4.0, "value": 3.0},
        "url": shown["url"],
    }
    assert shown["url"].endswith(f"/suppliers/{supplier.id}/")


def test_the_list_is_searched_and_paged(alder: Network, program, supplier, priya) -> None:
    with in_network(alder, joining_transaction=True):
        make_supplier(priya, name="Able Energy", categories=("Energy",))
        make_supplier(priya, name="Zebra Print", categories=("Print",))

    first = program.get(f"{API}/suppliers/?page_size=2").json()
    rest = program.get(first["next"]).json()
    found = program.get(f"{API}/suppliers/?q=zeb").json()["results"]
    of_kind = program.get(f"{API}/suppliers/?category=energy").json()["results"]

    assert [each["name"] for each in first["results"]] == ["Able Energy", "Greenfield Kitchens"]
    assert ([each["name"] for each in rest["results"]], rest["next"]) == (["Zebra Print"], None)
    assert [each["name"] for each in found] == ["Zebra Print"]
    assert [each["name"] for each in of_kind] == ["Able Energy"]


def test_lists_cost_the_same_for_one_and_three(alder: Network, program, supplier, helen) -> None:
    in_alder(alder, make_recommendation, supplier, helen)
    paths = [f"{API}/suppliers/", f"{API}/suppliers/{supplier.id}/recommendations/"]

    def costs() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                assert program.get(path).status_code == 200
            counts.append(len(captured))
        return counts

    costs()  # the first use of a token is written down
    one = costs()
    with in_network(alder, joining_transaction=True):
        for name in ("Rob Casey", "Dawn Okafor"):
            member = make_member(alder, name=name)
            make_supplier(member, name=name)
            make_recommendation(supplier, member)

    assert costs() == one


def test_add_a_supplier(alder: Network, program, priya) -> None:
    body = {"name": "Able Energy", "website": "www.able.example", "categories": ["energy", "Premises"]}

    answer = send(program, "post", "/suppliers/", body)

    made = in_alder(alder, Supplier.objects.get)
    event = in_alder(alder, Event.objects.get, name="suppliers.supplier.added")
    assert (answer.status_code, answer.json()["id"], answer.json()["categories"]) == (
        201,
        str(made.id),
        ["Energy", "Premises"],
    )
    assert (made.website, made.created_by_id, event.via, event.actor_id) == (
        "https://www.able.example",
        priya.id,
        "api",
        priya.account_id,
    )


def test_add_a_supplier_with_a_name_alone(alder: Network, program) -> None:
    answer = send(program, "post", "/suppliers/", {"name": "Able Energy"})

    assert (answer.status_code, answer.json()["categories"], answer.json()["website"]) == (201, ["Other"], "")


def test_add_a_supplier_that_is_here_is_a_conflict(program, supplier) -> None:
    answer = send(program, "post", "/suppliers/", {"name": "Other", "website": "http://greenfield.example"})

    assert answer.status_code == 409
    assert str(supplier.id) in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/name"),
        ({"name": " "}, "#/name"),
        ({"name": "x" * 121}, "#/name"),
        ({"name": "Able", "website": "javascript:alert(1)"}, "#/website"),
        ({"name": "Able", "website": "https://facebook.com/able"}, "#/website"),
        ({"name": "Able", "categories": ["No such"]}, "#/categories"),
        ({"name": "Able", "categories": []}, "#/categories"),
        ({"name": "Able", "categories": "Energy"}, "#/categories"),
        ({"name": ["Able"]}, "#/name"),
        ({"name": "Able", "description": "x" * 2001}, "#/description"),
    ],
)
def test_add_a_supplier_points_at_what_is_wrong(alder: Network, program, body, pointer) -> None:
    answer = send(program, "post", "/suppliers/", body)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert in_alder(alder, Supplier.objects.count) == 0


def test_correct_a_supplier_keeps_what_is_left_out(alder: Network, program, supplier) -> None:
    answer = send(program, "patch", f"/suppliers/{supplier.id}/", {"name": "Greenfold", "categories": ["Energy"]})

    assert (answer.status_code, answer.json()["name"], answer.json()["website"], answer.json()["categories"]) == (
        200,
        "Greenfold",
        "https://greenfield.example",
        ["Energy"],
    )


def test_recommend(alder: Network, program, supplier, priya) -> None:
    answer = send(program, "post", f"/suppliers/{supplier.id}/recommendations/", SAID)

    shown = answer.json()
    assert answer.status_code == 201
    assert {name: shown[name] for name in (*SAID, "supplier", "phase", "size", "shared", "publication", "author")} == {
        **SAID,
        "supplier": str(supplier.id),
        "phase": "Primary",
        "size": "211 to 420",
        "shared": False,
        "publication": None,
        "author": {"id": str(priya.id), "name": "Priya Raman"},
    }
    assert program.get(f"{API}/suppliers/{supplier.id}/recommendations/").json()["results"] == [shown]
    assert program.get(f"{API}/recommendations/{shown['id']}/").json() == shown
    assert in_alder(alder, Supplier.objects.get).mean_quality == Decimal(4)


@pytest.mark.parametrize("mark", [0, 6, -1, 4.5, "x", None, True, 10**30, [5]])
@pytest.mark.parametrize("name", ["response", "quality", "value"])
def test_recommend_refuses_marks_outside_one_to_five(alder: Network, program, supplier, name, mark) -> None:
    answer = send(program, "post", f"/suppliers/{supplier.id}/recommendations/", SAID | {name: mark})

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/{name}"]
    assert in_alder(alder, Recommendation.objects.count) == 0


def test_recommend_twice_is_a_conflict(program, supplier) -> None:
    path = f"/suppliers/{supplier.id}/recommendations/"
    first = send(program, "post", path, SAID).json()

    again = send(program, "post", path, SAID)

    assert again.status_code == 409
    assert first["id"] in again.json()["detail"]


def test_change_and_remove_ones_own(alder: Network, program, supplier, priya) -> None:
    said = in_alder(alder, lambda: share(make_recommendation(supplier, priya), priya))
    path = f"/recommendations/{said.id}/"

    changed = send(program, "patch", path, {"value": 1, "would_use_again": False})
    with in_collective(joining_transaction=True):
        published = Publication.objects.get()
    removed = program.delete(f"{API}{path}")

    assert (changed.status_code, changed.json()["value"], changed.json()["text"]) == (200, 1, SAID["text"])
    assert (published.value, published.title) == (1, "Greenfield Kitchens: would not use again")
    assert (removed.status_code, program.get(f"{API}{path}").status_code) == (204, 404)
    with in_collective(joining_transaction=True):
        assert Publication.objects.count() == 0


def test_anothers_recommendation_is_not_ones_own(alder: Network, program, supplier, helen) -> None:
    said = in_alder(alder, make_recommendation, supplier, helen)

    changed = send(program, "patch", f"/recommendations/{said.id}/", {"value": 1})
    removed = program.delete(f"{API}/recommendations/{said.id}/")

    assert (changed.status_code, removed.status_code) == (403, 403)
    assert in_alder(alder, Recommendation.objects.get).value == 3


def test_share_and_withdraw(alder: Network, program, supplier, priya) -> None:
    said = in_alder(alder, make_recommendation, supplier, priya)
    path = f"/recommendations/{said.id}/share/"

    shared = send(program, "post", path, {"identity": "role"})
    shown = program.get(f"{API}/recommendations/{said.id}/").json()
    withdrawn = program.delete(f"{API}{path}")

    assert (shared.status_code, shared.json()["state"]) == (201, "shared")
    assert (shown["shared"], shown["publication"]) == (True, shared.json()["publication"])
    assert withdrawn.status_code == 204
    assert program.get(f"{API}/recommendations/{said.id}/").json()["shared"] is False


def test_notes_are_in_no_answer(alder: Network, program, supplier, priya) -> None:
    said = in_alder(alder, make_recommendation, supplier, priya)
    note = in_alder(alder, make_note, supplier, priya, text="canary-note")
    paths = [
        "/suppliers/",
        "/suppliers/?q=canary",
        f"/suppliers/{supplier.id}/",
        f"/suppliers/{supplier.id}/recommendations/",
        f"/recommendations/{said.id}/",
    ]

    answers = [program.get(f"{API}{path}") for path in paths]

    assert {answer.status_code for answer in answers} == {200}
    assert not [answer for answer in answers if "canary-note" in answer.content.decode()]
    for path in (f"/service-notes/{note.id}/", f"/suppliers/{supplier.id}/notes/", f"/suppliers/{note.id}/"):
        assert program.get(f"{API}{path}").status_code == 404


def test_ids_of_one_network_are_nothing_in_another(alder: Network, birch: Network, supplier, priya) -> None:
    said = in_alder(alder, make_recommendation, supplier, priya)
    program = program_of(make_member(birch, name="Martin Bayliss", role=Role.OWNER), birch)
    unknown = new_id()

    def answers(supplier_id, recommendation_id) -> list[tuple[int, str]]:
        one, two = f"/suppliers/{supplier_id}/", f"/recommendations/{recommendation_id}/"
        found = [
            *(program.get(f"{API}{path}") for path in (one, f"{one}recommendations/", two, f"{two}share/")),
            send(program, "patch", one, {"name": "Mine"}),
            send(program, "post", f"{one}recommendations/", SAID),
            send(program, "patch", two, {"value": 1}),
            send(program, "post", f"{two}share/", {"identity": "named"}),
            program.delete(f"{API}{two}"),
            program.delete(f"{API}{two}share/"),
        ]
        return [(answer.status_code, answer.content.decode()) for answer in found]

    assert answers(supplier.id, said.id) == answers(unknown, unknown)
    assert {status for status, _ in answers(supplier.id, said.id)} == {404}
    assert program.get(f"{API}/suppliers/").json()["results"] == []
    assert in_alder(alder, Supplier.objects.get).name == "Greenfield Kitchens"


def test_without_a_token_there_is_nothing(client_for, alder: Network, supplier) -> None:
    stranger = client_for(alder)
    paths = ["/suppliers/", f"/suppliers/{supplier.id}/", f"/suppliers/{supplier.id}/recommendations/"]

    assert {stranger.get(f"{API}{path}").status_code for path in paths} == {401}


@pytest.mark.parametrize("text", SHORT, ids=range(len(SHORT)))
def test_hostile_text_is_kept_or_refused(program, text) -> None:
    added = send(program, "post", "/suppliers/", {"name": f"a {text}", "description": text})
    if "\x00" in text:
        assert added.status_code == 400
        return
    path = f"/suppliers/{added.json()['id']}/recommendations/"
    said = send(program, "post", path, SAID | {"text": f"x {text}", "phase": text[:40].strip()})
    searched = program.get(f"{API}/suppliers/", {"q": text, "category": text, "cursor": text})

    assert (added.status_code, said.status_code, said.json()["text"]) == (201, 201, f"x {text}".strip())
    assert searched.status_code == 404
    assert program.get(f"{API}/suppliers/", {"q": text}).status_code == 200
