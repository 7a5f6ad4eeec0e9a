"""Whom a text names, and how that is shown; a name that could be two people's is nobody's."""

import pytest
from django.utils.safestring import mark_safe

from shared_apps.core.markdown import render_markdown
from tenant_apps.discussions.mentioning import Person, may_name, named_in, show_names
from tenants.ids import new_id

PRIYA = Person(new_id(), "Priya Raman", "member", "Moor End Primary", "Bath")
TOM = Person(new_id(), "Tom O’Neil", "organiser", "Moor End Primary", "Bath")
ANN = Person(new_id(), "Ann", "moderator", "St Mary’s", "Leeds")
ANNE = Person(new_id(), "Ann Lee", "member", "St Mary’s", "York")
SAM, OTHER_SAM = (Person(new_id(), "Sam Bell", "member", "", "") for _ in range(2))
PEOPLE = [PRIYA, TOM, ANN, ANNE, SAM, OTHER_SAM]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ask @Priya Raman about it.", {PRIYA}),
        ("ask @priya raman", {PRIYA}),
        ("(@Priya\nRaman)", {PRIYA}),
        ("@Tom O’Neil, what do you do?", {TOM}),
        ("@Ann Lee knows", {ANNE}),
        ("@Ann knows", {ANN}),
        ("@Anna knows", set()),
        ("@organisers @moderators", {TOM, ANN}),
        ("@organisers", {TOM}),
        ("@Moor End Primary please", {PRIYA, TOM}),
        ("@St Mary’s", set()),
        ("@Sam Bell", set()),
        ("@Priya", set()),
        ("mail priya@Priya Raman", set()),
        ("> @Priya Raman wrote", set()),
        ("`@Priya Raman` and\n```\n@Priya Raman\n```", set()),
        ("@", set()),
        ("@@Priya Raman", set()),
    ],
)
def test_named_in(text, wanted):
    assert named_in(text, PEOPLE) == {each.id for each in wanted}
    assert may_name(text) or not wanted


def test_named_in_a_hostile_text_is_quick():
    assert named_in("@a" * 10_000 + "@Priya " * 3_000, PEOPLE) == set()


def shown(text, *people):
    return show_names(render_markdown(text), [(each.id, each.name, each.school) for each in people])


def test_show_names_links_people_and_marks_roles_and_schools():
    html = shown("@Priya Raman, @organisers and @Moor End Primary", PRIYA)

    assert f'<a class="mention" href="/members/{PRIYA.id}/">@Priya Raman</a>' in html
    assert '<span class="mention">@organisers</span>' in html
    assert '<span class="mention">@Moor End Primary</span>' in html


def test_show_names_leaves_code_links_and_others_alone():
    html = shown("`@Priya Raman` [@Priya Raman](https://a.example) @Sam Bell", PRIYA)

    assert "mention" not in html


def test_show_names_escapes_and_stays_out_of_tags():
    evil = Person(new_id(), '"><img src=x onerror=alert(1)>', "member", "", "")
    text = f'@{evil.name} [x](https://a.example "> @{evil.name} onmouseover=alert(1) \'")'

    html = shown(text, evil, PRIYA)

    assert "<img" not in html
    assert "&lt;img" in html


def test_show_names_in_an_attribute_changes_nothing():
    html = mark_safe('<a title="x> @Priya Raman <b">link</a> @Priya Raman')

    assert show_names(html, [(PRIYA.id, PRIYA.name, "")]).startswith('<a title="x> @Priya Raman <b">link</a> <a class')
