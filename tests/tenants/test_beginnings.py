"""Templates are data that would make a network: names that fit and differ, and rules about what is there."""

import pytest
from django.utils.text import slugify

from tenants.beginnings import BARE, TEMPLATES, TRUST, USUAL, Template, check_template, template_named
from tenants.names import NetworkNameError

LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT = 40, 60, 5_000  # of the columns and services that take them

each_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)


def test_templates_differ():
    assert len({each.key for each in TEMPLATES}) == len({each.name for each in TEMPLATES}) == len(TEMPLATES)


@each_template
def test_template_has_names_that_fit_and_differ(template: Template):
    subjects = [each.name for each in template.subjects]

    assert subjects
    assert template.services
    assert template.about
    assert slugify(template.key) == template.key
    assert len(template.key) <= LONGEST_KEY
    for names in (subjects, template.services):
        assert len({name.casefold() for name in names}) == len(names)
        assert [name for name in names if name != " ".join(name.split()) or len(name) > LONGEST_NAME] == []
    assert all(len(each.asks) <= LONGEST_TEXT for each in template.subjects)
    assert all(slugify(name) for name in subjects)  # which is what email for it is sent to
    assert len({slugify(name) for name in subjects}) == len(subjects)


@each_template
def test_template_keeps_only_what_is_there(template: Template):
    assert set(template.kept) <= {*(each.name for each in template.subjects), *template.services}


def test_template_named_falls_back_to_the_usual_one():
    assert [template_named(key) for key in (TRUST.key, "", "of-an-older-release")] == [TRUST, USUAL, USUAL]


def test_check_template_refuses_what_there_is_not():
    assert (check_template(""), check_template(BARE.key)) == (USUAL.key, BARE.key)
    with pytest.raises(NetworkNameError, match="There is no template x") as refused:
        check_template("x")
    assert refused.value.field == "template"
