"""Discussions as an owner's archive shows them."""

from django.template.loader import render_to_string
from django.utils.html import strip_tags

from tenant_apps.discussions import services
from tenant_apps.discussions.exporting import ReadableDiscussions
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member


def test_a_page_says_who_wrote_each_post(in_alder) -> None:
    asked = make_discussion(make_member(in_alder, school="Moor End Primary"))
    tom = make_member(in_alder, name="Tom Whitlock", school="Ladywood School", job_title="Bursar")
    services.post_reply(asked, body="We use Circuit Sense.", by=tom)

    (page,) = ReadableDiscussions().pages()

    words = " ".join(strip_tags(render_to_string(page.template, page.context)).split())
    assert "Priya Raman, Moor End Primary – " in words
    assert "Tom Whitlock, Bursar, Ladywood School – " in words
