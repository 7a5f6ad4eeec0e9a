"""Forms as the product draws them: every error tied to its control, every group to its question."""

import re

import pytest
from django.template import Context, Template

from shared_apps.core import fields
from shared_apps.core.forms import IDENTITIES, SampleForm


@pytest.fixture
def form() -> SampleForm:
    return SampleForm()


@pytest.fixture
def bad() -> SampleForm:
    return SampleForm({"date": "tomorrow"})


def draw(source: str, **values) -> str:
    return re.sub(r"\s+", " ", Template(source).render(Context(values))).strip()


def test_field_ties_hint_error_and_who_to_the_control(bad):
    html = draw('{% field form.title who="Birmingham members see this." %}', form=bad)

    assert 'aria-describedby="id_title-hint id_title-error id_title-who"' in html
    assert 'aria-invalid="true"' in html
    assert html.index("id_title-hint") < html.index("id_title-error") < html.index("<input")
    for part in ("hint", "error", "who"):
        assert f'id="id_title-{part}"' in html


def test_field_without_help_is_described_by_nothing(form):
    assert "aria-describedby" not in draw("{% field form.email %}", form=form)


@pytest.mark.parametrize(
    ("name", "component", "css"),
    [
        ("title", "field", 'class="form-control"'),
        ("body", "field", "<textarea"),
        ("email", "field", 'type="email"'),
        ("password", "field", 'type="password"'),
        ("category", "field", 'class="form-select"'),
        ("agree", "checkbox", 'class="form-check-input"'),
        ("files", "file_field", 'type="file"'),
        ("again", "choices", 'type="radio"'),
        ("interests", "choices", 'type="checkbox"'),
    ],
)
def test_field_draws_each_kind_of_control(form, name, component, css):
    assert fields.as_component(form[name])[0] == component
    assert css in draw("{% field field %}", field=form[name])


def test_field_groups_choices_under_their_question(bad):
    html = draw("{% field form.again %}", form=bad)

    assert html.startswith('<fieldset class="field field-bad" aria-describedby="id_again-error"> <legend>')
    assert html.count('class="form-check-input"') == 2
    assert '<label class="form-check-label" for="id_again_0">Yes</label>' in html


def test_field_draws_cards_with_a_line_each(form):
    hints = {key: hint for key, (_, hint) in IDENTITIES.items()}

    html = draw("{% field form.identity cards=hints %}", form=form, hints=hints)

    assert html.count('class="opt"') == 3
    assert "<small>A member of another network</small>" in html


def test_field_says_what_may_be_left_out(form):
    assert "(optional)" in draw("{% field form.body %}", form=form)
    assert "(optional)" not in draw("{% field form.title %}", form=form)
    assert "(optional)" not in draw("{% field form.agree %}", form=form)


def test_error_summary_links_every_error_to_its_control(bad):
    html = draw("{% error_summary form %}{% for field in form %}{% field field %}{% endfor %}", form=bad)

    targets = re.findall(r'<li><a href="#([^"]+)">', html)

    assert len(targets) == sum(len(errors) for errors in bad.errors.values())
    assert [target for target in targets if f'id="{target}"' not in html] == []


def test_error_summary_names_the_field_that_is_missing(bad):
    html = draw("{% error_summary form %}", form=bad)

    assert "Fill in “Password”" in html
    assert "Choose one for “Shown as”" in html
    assert "Give your question a title" in html
    assert "This field is required" not in html


def test_error_summary_is_silent_when_all_is_well(form):
    assert draw("{% error_summary form %}", form=form) == ""


def test_error_summary_lists_errors_of_the_whole_form_first():
    form = SampleForm({})
    form.add_error(None, "Somebody else changed this.")

    html = draw("{% error_summary form %}", form=form)

    assert html.index("<li>Somebody else changed this.</li>") < html.index("<li><a")


def test_field_escapes_what_people_typed():
    form = SampleForm({"title": '"><script>'})

    assert "<script>" not in draw("{% field form.title %}", form=form)
