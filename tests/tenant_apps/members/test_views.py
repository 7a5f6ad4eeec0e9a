"""Pages of members: who sees which, what they cost, what they do with hostile text, and that none crosses networks."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared_apps.mail.models import Message
from tenant_apps.members import services
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Branding, Invitation, Member, Posting
from tenants.context import in_network
from tenants.ids import new_id
from tenants.models import Network
from tests.builders.members import client_of, make_member
from tests.builders.schools import make_school

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }} {% debug %}",
    "Ω≈ç√∫µ≤≥÷ \u202egnihtemos\u202c ﷽ 👩🏽‍💻",
    "' OR 1=1; DROP TABLE members_member; --",
    "%s%d\\%_%",
]
MEMBER_PAGES = ["/members/", "/members/me/edit/", "/members/me/postings/", "/members/me/postings/add/"]
DESK_PAGES = [
    "/manage/",
    "/manage/members/",
    "/manage/members/invite/",
    "/manage/branding/",
    "/manage/branding/preview.css?colour=fff",
]


@pytest.fixture
def owner(alder):
    return make_member(alder, name="Helen Marsh", role=Role.OWNER, school="Oak Primary")


@pytest.fixture
def desk(alder, owner):
    return client_of(owner, alder)


def text_of(response) -> str:
    return response.content.decode()


# Who sees what -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "page", "desk_page"),
    [(Role.OWNER, 200, 200), (Role.ORGANISER, 200, 200), (Role.MODERATOR, 200, 403), (Role.MEMBER, 200, 403)],
)
def test_pages_by_role(alder, role, page, desk_page):
    client = client_of(make_member(alder, role=role), alder)

    assert [client.get(path).status_code for path in MEMBER_PAGES] == [page] * len(MEMBER_PAGES)
    assert [client.get(path).status_code for path in DESK_PAGES] == [desk_page] * len(DESK_PAGES)


@pytest.mark.parametrize("path", MEMBER_PAGES + DESK_PAGES[:4])
def test_pages_send_the_signed_out_to_sign_in(alder, client_for, path):
    response = client_for(alder).get(path)

    assert (response.status_code, response.url) == (302, f"/sign-in/?next={path}")


def test_refusal_says_who_can_help(alder, owner):
    response = client_of(make_member(alder), alder).get("/manage/")

    assert "Only organisers can change this. Helen Marsh can help." in text_of(response)


def test_a_removed_member_is_signed_out(alder, owner):
    member = make_member(alder)
    client = client_of(member, alder)
    with in_network(alder):
        services.remove_member(member, by=owner)

    response = client.get("/members/")

    assert response.status_code == 302


def test_a_session_of_one_network_is_worth_nothing_on_another(alder, birch, owner, client_for):
    cookies = client_of(owner, alder).cookies
    client = client_for(birch)
    client.cookies = cookies

    assert client.get("/members/").status_code == 302


def test_no_page_shows_a_member_of_another_network(alder, birch, owner, desk):
    theirs = make_member(birch, name="Canary Finch", school="Canary Wharf School", ask_me_about="canary")
    make_member(alder, name="Canary Resident")

    pages = [text_of(desk.get(path)) for path in ["/members/?q=canary", *MEMBER_PAGES, *DESK_PAGES]]

    assert "Canary Resident" in pages[0]
    assert not any("Canary Finch" in page or "Canary Wharf" in page for page in pages)
    assert desk.get(f"/members/{theirs.id}/").status_code == 404


@pytest.mark.parametrize("path", ["role/", "role/confirm/?role=owner", "remove/", "reinstate/"])
def test_desk_pages_of_another_networks_member_are_as_unknown_as_a_random_id(alder, birch, desk, path):
    theirs = make_member(birch, role=Role.OWNER)

    answers = [desk.post(f"/manage/members/{each}/{path}") for each in (theirs.id, new_id())]

    assert answers[0].status_code == answers[1].status_code
    assert answers[0].status_code in (404, 405)
    with in_network(birch):
        assert Member.objects.get(id=theirs.id).role == Role.OWNER


# The directory -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["Dawn Okafor", "Helen Marsh"]),
        ("dawn", ["Dawn Okafor"]),
        ("elm academy", ["Dawn Okafor"]),
        ("business okafor", ["Dawn Okafor"]),
        ("PFI", ["Dawn Okafor"]),
        ("nobody", []),
        ("%", []),
        ("\x00", ["Dawn Okafor", "Helen Marsh"]),
    ],
)
def test_member_list_searches_names_schools_jobs_and_topics(alder, owner, desk, search, found):
    make_member(alder, name="Dawn Okafor", school="Elm Academy", ask_me_about="PFI, catering")

    page = desk.get("/members/", {"q": search}).context["page"]

    assert [member.name for member in page] == found


def test_member_list_narrows_to_a_phase(alder, desk):
    make_member(alder, name="Dawn Okafor", school=services.SchoolFacts("Elm", phase="Secondary"))
    make_member(alder, name="Mei Tan", school=services.SchoolFacts("Ash", phase="Primary"))

    response = desk.get("/members/", {"phase": "Secondary"})

    assert [member.name for member in response.context["page"]] == ["Dawn Okafor"]
    assert [view["label"] for view in response.context["phase_views"]] == ["All", "Primary", "Secondary"]


@pytest.mark.parametrize("path", ["/members/", "/manage/members/"])
def test_lists_cost_the_same_for_one_and_three(alder, owner, desk, path):
    desk.get(path)  # the host is remembered from here on
    counts = [count_queries(desk, path)]
    for name in ("Dawn Okafor", "Mei Tan"):
        make_member(alder, name=name, school="Elm Academy")

    counts.append(count_queries(desk, path))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "1\x00"])
def test_member_list_forgives_a_bad_page_number(desk, page):
    assert desk.get("/members/", {"page": page}).status_code == 200


def test_member_detail_shows_the_history_of_jobs(alder, owner, desk):
    with in_network(alder):
        services.add_posting(
            owner,
            school=services.SchoolFacts("Elm Academy"),
            job_title="Director",
            active_from=date(2026, 9, 1),
            replaces=Posting.objects.get(),
            by=owner,
        )

    page = text_of(desk.get(f"/members/{owner.id}/"))

    jobs = re.findall(r'data-l="(School|From|To)">(?:<div>)?([^<]+)<', page)
    assert [value for _, value in jobs] == [
        "Elm Academy",
        "September 2026",
        "Now",
        "Oak Primary",
        "September 2024",
        "August 2026",
    ]


def test_member_detail_of_one_who_left_is_not_found(alder, owner, desk):
    member = make_member(alder)
    with in_network(alder):
        services.remove_member(member, by=owner)

    assert desk.get(f"/members/{member.id}/").status_code == 404


# One's own details ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_profile_stores_and_shows_hostile_text_as_text(alder, owner, desk, text):
    values = {"name": text[:120], "about": text, "ask_me_about": text, "phone": ""}

    saved = desk.post("/members/me/edit/", values)

    with in_network(alder):
        member = Member.objects.get(id=owner.id)
    assert (saved.status_code, member.about, member.ask_me_about) == (302, text, text)
    for path in ("/members/", f"/members/{owner.id}/", "/manage/members/"):
        page = text_of(desk.get(path))
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("name", "", "Your name"),
        ("name", "N\x00", "Null characters are not allowed"),
        ("name", "N" * 121, "Shorten this to 120 characters"),
        ("about", "a" * 2001, "Shorten this to 2000 characters"),
        ("phone", "ring me", "Write a phone number with figures"),
    ],
)
def test_profile_says_what_is_wrong(desk, field, value, error):
    response = desk.post("/members/me/edit/", {"name": "Helen Marsh", field: value})

    assert "<title>Error: " in text_of(response)
    assert error in text_of(response)


def test_posting_add_finds_the_school_then_asks_for_the_job(alder, owner, desk):
    school = make_school("Alder Green Primary School")

    found = desk.get("/members/me/postings/add/", {"q": "alder green"})
    chosen = desk.get("/members/me/postings/add/", {"school": school.id})
    details = {"school": school.id, "job_title": "Bursar", "active_from": "2026-09-01", "replaces": ""}
    saved = desk.post("/members/me/postings/add/", details)

    assert f"?school={school.id}" in text_of(found)
    assert "Alder Green Primary School" in text_of(chosen)
    assert saved.status_code == 302
    with in_network(alder):
        assert Posting.objects.get(job_title="Bursar").school_id == school.id
        assert Member.objects.get(id=owner.id).school_name == school.name


def test_posting_add_forgets_a_school_that_is_not_in_the_register(desk):
    response = desk.get("/members/me/postings/add/", {"school": new_id()})

    assert "Find your school" in text_of(response)


@pytest.mark.parametrize("day", ["", "x", "1066-10-14", "9999-12-31", "2026-02-30"])
def test_posting_add_refuses_days_nobody_worked(desk, day):
    response = desk.post("/members/me/postings/add/", {"school_name": "Oak", "job_title": "Bursar", "active_from": day})

    assert (response.status_code, bool(response.context["form"].errors["active_from"])) == (422, True)


def test_posting_end_is_for_ones_own_postings(alder, owner, desk):
    make_member(alder, name="Dawn Okafor", school="Elm Academy")
    with in_network(alder):
        theirs = Posting.objects.get(school_name="Elm Academy")
        mine = Posting.objects.get(school_name="Oak Primary")

    answers = [desk.post(f"/members/me/postings/{row.id}/end/", {"last_day": "2026-08-31"}) for row in (theirs, mine)]

    assert [answer.status_code for answer in answers] == [404, 302]
    with in_network(alder):
        assert dict(Posting.objects.values_list("school_name", "active_to")) == {
            "Elm Academy": None,
            "Oak Primary": date(2026, 9, 1),
        }


def test_posting_end_refuses_the_future(alder, owner, desk):
    with in_network(alder):
        posting = Posting.objects.get()
    tomorrow = timezone.localdate() + timedelta(days=1)

    response = desk.post(f"/members/me/postings/{posting.id}/end/", {"last_day": tomorrow.isoformat()})

    assert "must not be in the future" in text_of(response)


# The desk ------------------------------------------------------------------------------------------------------------


def test_invite_sends_what_it_can_and_keeps_the_lines_with_a_problem(alder, owner, desk):
    pasted = (
        "Dawn Okafor <dawn@elm.example>; mei@ash.example\nnot an address\nMEI@ash.example\nhelen.marsh@alder.example"
        '\nBell, Rosa <rosa@elm.example>; "Lee, Jo" <jo@elm.example>,ann@elm.example, Nour Haddad <nour@elm.example>'
    )

    response = desk.post("/manage/members/invite/", {"emails": pasted, "role": "member"})

    with in_network(alder):
        invited = set(Invitation.objects.filter(role=Role.MEMBER).values_list("email", flat=True))
    assert {address.split("@")[0] for address in invited} == {"dawn", "mei", "rosa", "jo", "ann", "nour"}
    assert response.context["form"].data["emails"] == "not an address\nhelen.marsh@alder.example"
    assert response.context["form"].errors["emails"] == [
        "Line 3: “not an address” is not an email address.",
        "Line 5: helen.marsh@alder.example is already a member.",
    ]


@pytest.mark.parametrize("pasted", ["", " ,;\n", "\x00", "a@b.example," * 501])
def test_invite_refuses_nothing_and_too_much(alder, desk, pasted):
    response = desk.post("/manage/members/invite/", {"emails": pasted, "role": "member"})

    assert bool(response.context["form"].errors["emails"])
    with in_network(alder):
        assert not Invitation.objects.filter(role=Role.MEMBER).exists()


@pytest.mark.parametrize("text", HOSTILE)
def test_invite_shows_hostile_lines_as_text(desk, text):
    page = text_of(desk.post("/manage/members/invite/", {"emails": text, "role": "member"}))

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_an_organiser_cannot_invite_an_owner(alder):
    client = client_of(make_member(alder, role=Role.ORGANISER), alder)

    response = client.post("/manage/members/invite/", {"emails": "dawn@elm.example", "role": "owner"})

    assert "role" in response.context["form"].errors


def test_invitation_is_sent_again_and_taken_back(alder, owner, desk):
    with in_network(alder):
        services.invite_member(email="dawn@elm.example", by=owner)
        first = Invitation.objects.get(email="dawn@elm.example")

    again = desk.post(f"/manage/invitations/{first.id}/resend/")
    with in_network(alder):
        second = Invitation.objects.get(email="dawn@elm.example", revoked_at=None)
    back = desk.post(f"/manage/invitations/{second.id}/revoke/")
    gone = desk.post(f"/manage/invitations/{first.id}/resend/")

    with in_network(alder):
        assert Message.objects.filter(to_address="dawn@elm.example").count() == 2
        assert not Invitation.objects.filter(email="dawn@elm.example", revoked_at=None).exists()
    assert [each.status_code for each in (again, back, gone)] == [302, 302, 404]


def test_member_role_is_confirmed_before_it_changes(alder, desk):
    member = make_member(alder)
    path = f"/manage/members/{member.id}/role/confirm/?role=organiser"

    asked = text_of(desk.get(path))
    with in_network(alder):
        before = Member.objects.get(id=member.id).role
    desk.post(path)

    assert "Make Priya Raman an organiser?" in asked
    assert "Keep Priya as member" in asked
    with in_network(alder):
        assert (before, Member.objects.get(id=member.id).role) == (Role.MEMBER, Role.ORGANISER)


def test_the_last_owner_is_told_why_the_role_stays(alder, owner, desk):
    response = desk.post(f"/manage/members/{owner.id}/role/confirm/?role=member", follow=True)

    assert "Helen Marsh is the only owner. Make somebody else an owner first." in text_of(response)


def test_member_remove_asks_in_the_words_of_the_house_and_can_be_undone(alder, desk):
    member = make_member(alder, name="Rob Casey")
    path = f"/manage/members/{member.id}/remove/"

    asked = text_of(desk.get(path))
    removed = text_of(desk.post(path, follow=True))
    back = text_of(desk.post(f"/manage/members/{member.id}/reinstate/", follow=True))

    assert "Remove Rob Casey from this network?" in asked
    assert "Remove Rob" in asked
    assert "Keep Rob" in asked
    assert f"/manage/members/{member.id}/reinstate/" in removed
    assert "Rob Casey is a member again." in back


# The colour ----------------------------------------------------------------------------------------------------------


def test_theme_is_one_line_kept_for_a_year_under_its_own_colour(alder, client_for):
    current = client_for(alder).get("/theme.css", {"v": alder.colour.removeprefix("#")})
    other = client_for(alder).get("/theme.css", {"v": "000000"})

    assert current.content.decode() == f":root {{ --network: {alder.colour} }}\n"
    assert current.content == other.content
    assert "max-age=31536000" in current.headers["Cache-Control"]
    assert "max-age=60" in other.headers["Cache-Control"]
    assert current.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "Cookie" not in current.headers.get("Vary", "")


def test_theme_asks_for_no_session(desk):
    desk.get("/theme.css")

    assert [query for query in queries_of(desk, "/theme.css") if "session" in query] == []


def test_branding_is_shown_before_it_is_saved(alder, desk):
    response = desk.post("/manage/branding/", {"colour": "#FFD400", "tagline": "Ask us", "preview": "1"})

    assert "/manage/branding/preview.css?colour=ffd400" in text_of(response)
    with in_network(alder):
        assert not Branding.objects.exists()
    assert Network.objects.get(id=alder.id).colour == alder.colour


def test_branding_changes_the_colour_of_every_page(alder, birch, desk):
    desk.post("/manage/branding/", {"colour": "#fd4", "tagline": "Ask us", "welcome": "Hello"})

    with in_network(alder):
        assert Branding.objects.values_list("colour", "tagline", "welcome").get() == ("#ffdd44", "Ask us", "Hello")
    assert "/theme.css?v=ffdd44" in text_of(desk.get("/members/"))
    assert Network.objects.get(id=birch.id).colour == birch.colour


@pytest.mark.parametrize("colour", ["", "red", "#12345", "#12345g", "#fff}body{}", "url(x)", "\uff11\uff12\uff13"])
def test_branding_refuses_what_is_no_colour(alder, desk, colour):
    response = desk.post("/manage/branding/", {"colour": colour})
    preview = desk.get("/manage/branding/preview.css", {"colour": colour})

    assert "colour" in response.context["form"].errors
    assert preview.status_code == 400
    assert Network.objects.get(id=alder.id).colour == alder.colour


def count_queries(client: Client, path: str) -> int:
    return len(queries_of(client, path))


def queries_of(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in captured]
