"""Schools are found however people write them, and told from others of the same name."""
# ruff: noqa: RUF001 - the odd letters are what is tested

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_apps.audit.services import Actor
from shared_apps.schools.enums import SchoolStatus
from shared_apps.schools.models import School
from shared_apps.schools.selectors import search_schools
from shared_apps.schools.selectors.search import FoundSchool
from shared_apps.schools.services import import_register
from shared_apps.schools.services.vocabulary import refresh_words
from tests.builders.hostile import naughty_strings
from tests.builders.schools import EXTRACT, EXTRACT_LINKS, make_school

pytestmark = pytest.mark.django_db

HOSTILE = [
    "",
    " ",
    "\x00",
    "' OR 1=1; --",
    "%_%",
    "\\",
    "a & | ! ( ) : * <->",
    "st:*",
    "'st' & 'mary'",
    "🏫",
    "\u202eyram ts",
    "ｆｕｌｌ ｗｉｄｔｈ",
    "ﬁeld",
    "x" * 100_000,
    "st " * 5_000,
    "the of and",
    "0" * 400,
    "99999999999999999999",
    "{",
    "1/2 330/ /1001",
]


@pytest.fixture
def register():
    """The demo's real extract of the register: 377 schools of three authorities."""
    import_register(path=EXTRACT, links_path=EXTRACT_LINKS, by=Actor.system(label="test"))


def first(query, **options):
    """Return the URN of the first school found."""
    found = search_schools(query, **options)
    return found[0].urn if found else None


def test_search_schools_finds_what_people_mean(register):
    expected = {
        "Cherry Oak School": 103626,
        "cherry oak": 103626,
        "cherryoak": 103626,
        "chery oak": 103626,
        "cherry oka": 103626,
        "hchery oak scholo": 103626,
        "st marys birmingham ce": 103410,
        "St. Mary's C of E Primary": 103410,
        "saint mary church of england b29": 103410,
        "st marys rc deal": 141065,
        "st josephs b30": 141670,
        "st joseph suton coldfield": 140528,
        "st gerards r.c.": 103458,
        "st clements ce sheerness": 149666,
        "king edwards grammar handsworth": 143562,
        "king edward five ways": 137046,
        "five ways": 137046,
        "wotton under edge blue coat": 115734,
        "goodnestone canterbury": 118686,
        "holy head": 137034,
        "lakefeild": 143208,
        "oakridge": 115674,
        "B21 0HN": 137034,
        "b210hn": 137034,
        "137034": 137034,
        "swell": 149256,
    }

    assert {query: first(query) for query in expected} == expected


def test_search_schools_finds_by_dfe_number_and_ukprn(register):
    school = School.objects.select_related("local_authority").filter(is_open=True).exclude(ukprn="").first()
    dfe_number = f"{school.local_authority.code}/{school.establishment_number}"

    assert (first(dfe_number), first(dfe_number.replace("/", "")), first(school.ukprn)) == (school.urn,) * 3


def test_search_schools_needs_every_word_that_names_something(register):
    assert search_schools("cherry gloucester") == []
    assert search_schools("zzyzx") == []


def test_search_schools_forgives_the_wrong_kind_of_school(register):
    assert first("cherry oak academy") == 103626
    assert first("cherry oak catholic primary") == 103626


def test_search_schools_lets_one_of_three_words_be_wrong(register):
    assert first("cherry oak zzyzx") == 103626


def test_search_schools_puts_names_before_places():
    place = make_school("Zion School", town="Alder")
    name = make_school("Alder School", town="Zenith")
    street = make_school("Yew School", town="Zenith", authority="Alder")
    refresh_words()

    assert [school.id for school in search_schools("alder")] == [name.id, place.id, street.id]


def test_search_schools_puts_the_whole_name_before_longer_ones():
    longer = make_school("Alder Green Infant School")
    whole = make_school("Alder Green School")
    refresh_words()

    assert [school.id for school in search_schools("alder green")] == [whole.id, longer.id]
    assert [school.id for school in search_schools("alder green infants")] == [longer.id]


def test_search_schools_tells_schools_of_one_name_apart(register):
    found = search_schools("St Joseph's Catholic Primary School")

    assert [(school.name, school.place, school.postcode, school.authority) for school in found] == [
        ("St Joseph's Catholic Primary School", "Birmingham", "B30 1HN", "Birmingham"),
        ("St Joseph's Catholic Primary School", "Birmingham", "B7 5HA", "Birmingham"),
        ("St Joseph's Catholic Primary School", "Stonehouse", "GL10 3TY", "Gloucestershire"),
        ("St Joseph's Catholic Primary School", "Sutton Coldfield", "B75 6PB", "Birmingham"),
        ("St Joseph's Catholic Primary School, Aylesham", "Canterbury", "CT3 3AS", "Kent"),
    ]


def test_search_schools_returns_what_a_list_shows():
    school = make_school("Alder School", urn=1, town="", address3="Alderton", phase_name="", type_name="Free schools")
    refresh_words()

    assert search_schools("alder") == [
        FoundSchool(
            id=school.id,
            urn=1,
            name="Alder School",
            place="Alderton",
            postcode="B33 8QB",
            authority="Birmingham",
            phase="Free schools",
            status="Open",
            is_open=True,
            closed_date=None,
        )
    ]


def test_search_schools_leaves_out_closed_schools_unless_asked():
    closed = make_school("Alder School", status=SchoolStatus.CLOSED)
    closing = make_school("Alder School", status=SchoolStatus.OPEN_PROPOSED_TO_CLOSE)
    refresh_words()

    assert [school.id for school in search_schools("alder")] == [closing.id]
    assert [school.id for school in search_schools("alder", open_only=False)] == [closing.id, closed.id]


def test_search_schools_finds_the_successor_by_the_urn_of_a_closed_school(register):
    assert first("103149") == 137796
    assert first("103149", open_only=False) == 103149


def test_search_schools_returns_as_many_as_asked():
    for _ in range(5):
        make_school()
    refresh_words()

    assert len(search_schools("alder", limit=3)) == 3


def test_search_schools_works_inside_a_network(register, in_alder):
    assert first("chery oak") == 103626


@pytest.mark.parametrize(
    ("query", "queries"),
    [("cherry oak", 2), ("chery oak", 3), ("103149", 3), ("zzyzx", 4), ("zzyzx zzyzy zzyzw", 5), ("", 0)],
)
def test_search_schools_has_a_fixed_number_of_queries(register, query, queries):
    with CaptureQueriesContext(connection) as captured:
        search_schools(query)

    assert len(captured) == queries


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_search_schools_takes_anything_for_text(register, query):
    assert len(search_schools(query)) <= 20


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_search_schools_never_fails(db, query):
    assert search_schools(query) == []


def test_search_schools_takes_naughty_strings_for_text(register):
    assert all(len(search_schools(query)) <= 20 for query in naughty_strings())
