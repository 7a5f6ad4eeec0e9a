"""The components: all of them in the gallery, each drawn as its comment says, and nothing the CSP would refuse."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.signals import template_rendered
from django.test.utils import override_settings

from shared_apps.core import navigation, views
from shared_apps.core.templatetags import sbm

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SPRITE = Path(settings.BASE_DIR) / "shared_apps/core/static/vendor/icons.svg"


@pytest.fixture
def drawn() -> set[str]:
    """Names of the templates that the gallery draws."""
    names: set[str] = set()

    def remember(sender, template, **kwargs):
        names.add(template.name)

    sbm._face.cache_clear()  # what another test drew is not drawn again
    template_rendered.connect(remember)
    with override_settings(DEBUG=True):
        views.gallery(RequestFactory().get("/dev/components/"))
    template_rendered.disconnect(remember)
    return names


def draw(source: str, **values) -> str:
    """A template's text without the space between its words and tags."""
    return re.sub(r"\s+", " ", Template(source).render(Context(values))).strip()


def markup_of(path: Path) -> str:
    """A template's HTML without its tags, whose parameters may look like attributes."""
    return re.sub(r"\{%.*?%\}", "", path.read_text())


def test_gallery_shows_every_component(drawn):
    files = {f"components/{path.name}" for path in (TEMPLATES / "components").glob("*.html")}

    assert files - drawn == set()


def test_components_say_what_they_take():
    silent = [
        path.name
        for path in (TEMPLATES / "components").glob("*.html")
        if not path.read_text().startswith(("{# ", "{% comment %} "))
    ]

    assert silent == []


def test_templates_have_nothing_the_csp_refuses():
    refused = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:")
    pages = [path for path in TEMPLATES.rglob("*.html") if path.parent.name != "mail"]

    found = [(path.name, match.group()) for path in pages for match in refused.finditer(markup_of(path))]

    assert found == []


def test_templates_have_no_comment_over_two_lines():
    broken = [path.name for path in TEMPLATES.rglob("*.html") if re.search(r"\{#[^}]*\n", path.read_text())]

    assert broken == []


def test_templates_use_icons_that_are_in_the_sprite():
    known = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
    asked = re.compile(r'\{% icon "([^"]+)"|\b(?:icon|action_icon)="([^"]+)"')

    used = {
        next(filter(None, match.groups()))
        for path in TEMPLATES.rglob("*.html")
        for match in asked.finditer(path.read_text())
    }

    assert used - known == set()


def test_navigation_uses_icons_that_are_in_the_sprite():
    known = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))

    assert {item.icon for item in navigation._items if item.icon} - known == set()


def test_style_sheets_refer_to_files_that_exist():
    static = Path(settings.BASE_DIR) / "shared_apps/core/static"

    missing = [
        address
        for sheet in static.rglob("*.css")
        for address in re.findall(r'url\("?(?!data:)([^")]+)', sheet.read_text())
        if not (sheet.parent / address).exists()
    ]

    assert missing == []
    assert not any("sourceMappingURL" in sheet.read_text() for sheet in static.rglob("*.css"))


def test_panel_escapes_its_title_and_keeps_its_body():
    html = draw('{% panel title note="2 left" %}<b>body</b>{% endpanel %}', title="Fish & <chips>")

    assert html == (
        '<section class="panel" aria-labelledby="p-fish-chips"> <div class="panel-head"> '
        '<h2 id="p-fish-chips">Fish &amp; &lt;chips&gt;</h2> <span class="sm soft num">2 left</span> </div> '
        '<div class="panel-body"><b>body</b></div> </section>'
    )


def test_provenance_takes_a_colour_as_text():
    html = draw("{% provenance name colour %}", name="Kent", colour='"><script>')

    assert "<script>" not in html
    assert "Kent" in html


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("good", "check-circle-fill"),
        ("warn", "exclamation-triangle-fill"),
        ("bad", "x-circle-fill"),
        ("note", "info-circle-fill"),
        ("shared", "share"),
        ("waiting", "clock"),
        ("withdrawn", "arrow-return-left"),
        ("local", "lock"),
    ],
)
def test_badge_is_always_a_shape_and_a_word(kind, shape):
    html = draw('{% badge kind "Words" %}', kind=kind)

    assert f"#{shape}" in html
    assert "Words" in html


def test_discussion_rows_mark_only_unread_ones():
    rows = [{"url": "/1/", "title": "Read", "replies": 1}, {"url": "/2/", "title": "Unread", "replies": 2, "new": 2}]

    html = render_to_string("components/discussion_rows.html", {"rows": rows})

    assert html.count("is-unread") == 1
    assert "2 new" in html
    assert "1 reply<" in html
    assert "2 replies<" in html


def test_post_that_was_taken_back_shows_no_body():
    html = draw('{% post name="Rob Casey" role="Hill West" body="secret" gone="Taken back." %}{% endpost %}')

    assert "Taken back." in html
    assert "secret" not in html
    assert "post-acts" not in html


def test_score_meters_say_when_there_are_no_marks():
    html = render_to_string("components/score_meters.html", {"scores": [("Quality", 4.2), ("Value", None)]})

    assert 'width="84"' in html
    assert "None" in html


def test_static_files_can_be_hashed(tmp_path):
    storages = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }

    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", "--noinput", verbosity=0)

    sheet = next((tmp_path / "core/css").glob("base.*.css")).read_text()
    assert re.search(r'url\("\.\./\.\./vendor/fonts/hanken-grotesk-latin\.[0-9a-f]{12}\.woff2"\)', sheet)
