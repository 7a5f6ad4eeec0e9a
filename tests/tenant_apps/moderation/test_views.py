"""Pages of moderation: who sees what, and that each does its one thing."""

import pytest

from tenant_apps.members import services as members
from tenant_apps.members.models import Member
from tenant_apps.moderation import services
from tenant_apps.moderation.enums import ActKind
from tenant_apps.moderation.models import Act, Appeal, Case, Report
from tenant_apps.sharing.models import Policy
from tenant_apps.suppliers.models import Supplier
from tenants.context import in_network
from tests.builders.members import client_of
from tests.builders.suppliers import make_recommendation, make_supplier


@pytest.fixture
def said(alder, people):
    """What the author said of a supplier."""
    with in_network(alder):
        return make_recommendation(make_supplier(people["author"]), people["author"], text="Their boss is a crook.")


@pytest.fixture
def case(alder, people, said):
    """An open case about it."""
    with in_network(alder):
        return services.report("recommendation", said.id, reason="rude", by=people["reader"]).case


def test_report_page_takes_a_report_and_says_what_happens(alder, people, said):
    client = client_of(people["reader"], alder)
    supplier = client.get(f"/suppliers/{said.supplier_id}/")
    assert f"/report/recommendation/{said.id}/" in supplier.text

    page = client.get(f"/report/recommendation/{said.id}/")
    assert page.status_code == 200
    assert "Their boss is a crook." in page.text

    answer = client.post(f"/report/recommendation/{said.id}/", {"reason": "rude", "words": "Unfair."}, follow=True)
    assert "The moderators look at it" in answer.text
    with in_network(alder):
        assert Report.objects.get().member_id == people["reader"].id


def test_report_page_keeps_what_was_written_when_something_is_missing(alder, people, said):
    client = client_of(people["reader"], alder)

    answer = client.post(f"/report/recommendation/{said.id}/", {"words": "Kept words"})

    assert answer.status_code == 422
    assert "Kept words" in answer.text
    assert "Error:" in answer.text


def test_report_page_is_not_there_for_ones_own_or_for_nothing(alder, people, said):
    assert client_of(people["author"], alder).get(f"/report/recommendation/{said.id}/").status_code == 404
    reader = client_of(people["reader"], alder)
    assert reader.get(f"/report/nonsense/{said.id}/").status_code == 404
    assert reader.get(f"/report/recommendation/{alder.id}/").status_code == 404


@pytest.mark.parametrize("path", ["/manage/moderation/", "/manage/moderation/log/", "/manage/moderation/{}/"])
def test_queue_is_for_moderators(alder, people, case, path):
    address = path.format(case.id)

    assert client_of(people["reader"], alder).get(address).status_code == 403
    assert client_of(people["moderator"], alder).get(address).status_code == 200


def test_queue_and_case_show_what_is_needed_to_decide(alder, people, case):
    client = client_of(people["moderator"], alder)

    queue, page = client.get("/manage/moderation/"), client.get(f"/manage/moderation/{case.id}/")

    assert "Their boss is a crook." in queue.text
    assert "Ada Author" in queue.text
    for words in ("Their boss is a crook.", "It is rude or an attack on somebody", "Rita Reader", "Hide it"):
        assert words in page.text


def test_case_takes_a_decision_that_the_log_and_the_author_see(alder, people, case):
    client = client_of(people["moderator"], alder)

    answer = client.post(f"/manage/moderation/{case.id}/", {"kind": "hidden", "reason": "An insult."}, follow=True)

    assert "Hidden. The author and who reported it are told." in answer.text
    assert "An insult." in client.get("/manage/moderation/log/").text
    author, reader = client_of(people["author"], alder), client_of(people["reader"], alder)
    mine = author.get("/moderation/")
    assert "An insult." in mine.text
    assert "Rita" not in mine.text
    assert "The moderators have hidden it." in reader.get("/moderation/").text
    with in_network(alder):
        act = Act.objects.get()
    assert "Rita" not in author.get(f"/moderation/{act.id}/").text
    assert reader.get(f"/moderation/{act.id}/").status_code == 404


def test_case_says_what_is_missing(alder, people, case):
    answer = client_of(people["moderator"], alder).post(f"/manage/moderation/{case.id}/", {"kind": "hidden"})

    assert answer.status_code == 422
    assert "Write why" in answer.text


def test_take_back_asks_why_then_undoes(alder, people, case):
    client = client_of(people["moderator"], alder)
    client.post(f"/manage/moderation/{case.id}/", {"kind": "hidden", "reason": "An insult."})
    with in_network(alder):
        act = Act.objects.get()

    asked = client.post(f"/manage/moderation/acts/{act.id}/take-back/")
    assert (asked.status_code, "Take it back" in asked.text) == (200, True)
    done = client.post(f"/manage/moderation/acts/{act.id}/take-back/", {"reason": "Misread."}, follow=True)

    assert "Shown again. The author is told." in done.text
    with in_network(alder):
        assert [each.kind for each in Act.objects.all()] == [ActKind.SHOWN, ActKind.HIDDEN]


def test_appeal_from_page_to_page(alder, people, case):
    client_of(people["moderator"], alder).post(
        f"/manage/moderation/{case.id}/", {"kind": "warned", "reason": "An insult."}
    )
    with in_network(alder):
        act = Act.objects.get()
    author, owner = client_of(people["author"], alder), client_of(people["owner"], alder)

    assert author.post(f"/moderation/{act.id}/", {"words": ""}).status_code == 422
    author.post(f"/moderation/{act.id}/", {"words": "It is true."})
    with in_network(alder):
        appeal = Appeal.objects.get()
    url = f"/manage/moderation/appeals/{appeal.id}/"
    assert "Another moderator than the one who acted" in client_of(people["moderator"], alder).get(url).text
    assert "It is true." in owner.get(url).text
    assert "Decide appeal" in owner.get(f"/manage/moderation/{case.id}/").text
    owner.post(url, {"decision": "refuse", "reason": "Still rude."})

    page = author.get(f"/moderation/{act.id}/")
    assert "Refused by Olu Owner: Still rude." in " ".join(page.text.split())
    assert ">Appeal</button>" not in page.text


def test_suspended_member_reads_and_is_told_until_when(alder, people, case):
    with in_network(alder):
        services.decide(case, kind=ActKind.SUSPENDED, reason="Third time.", days=7, by=people["moderator"])
    client = client_of(people["author"], alder)

    page = client.get("/suppliers/")
    assert page.status_code == 200
    assert "You can read everything, and cannot write until" in page.text
    for path in ("/suppliers/new/", "/discussions/new/"):
        assert "there is no form here" in client.get(path).text
        ours = {"sec-fetch-site": "same-origin"}
        answer = client.post(path, {"name": "New", "body": "My words"}, headers=ours)
        assert (answer.status_code, "My words</textarea>" in answer.text) == (403, True)
    with in_network(alder):
        assert not Supplier.objects.filter(name="New").exists()


def test_suspended_member_keeps_contact_details_and_says_nothing_new(alder, people):
    author = people["author"]
    with in_network(alder):
        members.suspend_member(author, until=None, by=people["owner"])
    client = client_of(author, alder)
    form = {"name": "Ann Other", "phone": "01632 960101", "about": "Buy my books", "ask_me_about": "books"}

    page = client.get("/members/me/edit/")
    client.post("/members/me/edit/", form)

    assert "stays as it is while you are suspended" in " ".join(page.text.split())
    with in_network(alder):
        author = Member.objects.get(id=author.id)
        assert (author.name, author.phone, author.about) == ("Ann Other", "01632 960101", "")
        with pytest.raises(members.NotAllowedError):
            members.update_profile(author, name="Ann Other", about="Buy my books", by=author)


def test_suspended_organiser_reads_the_policy_and_does_not_change_it(alder, people):
    with in_network(alder):
        members.suspend_member(people["owner"], until=None, by=people["moderator"])
    client = client_of(people["owner"], alder)

    page = client.get("/manage/sharing/")
    answer = client.post("/manage/sharing/", {"approval_required": "on"})

    assert "You are suspended, so you cannot change" in " ".join(page.text.split())
    assert "Save policy" not in page.text
    assert answer.status_code == 403
    with in_network(alder):
        assert not Policy.objects.filter(approval_required=True).exists()


@pytest.mark.parametrize("path", ["/manage/moderation/", "/manage/moderation/log/", "/moderation/"])
def test_lists_take_the_same_queries_for_one_row_as_for_three(alder, people, django_assert_max_num_queries, path):
    client = client_of(people["author"] if path == "/moderation/" else people["owner"], alder)
    counts = []
    for wanted in (1, 3):
        with in_network(alder):
            for number in range(wanted):
                _decided_case(people, f"Supplier {wanted} {number}", close=path != "/manage/moderation/")
        client.get(path)
        with django_assert_max_num_queries(40) as counted:
            assert client.get(path).status_code == 200
        counts.append(len(counted))

    assert counts[0] == counts[1]


def _decided_case(people, name: str, *, close: bool) -> None:
    said = make_recommendation(make_supplier(people["author"], name=name), people["author"])
    case = services.report("recommendation", said.id, reason="rude", by=people["reader"]).case
    if close:
        act = services.decide(case, kind=ActKind.WARNED, reason="Rude.", by=people["moderator"])
        services.appeal(act, words="No.", by=people["author"])
    assert Case.objects.exists()
