"""Discussions as an owner's archive shows them."""

from django.template.loader import render_to_string
from django.utils.html import strip_tags

from tenant_apps.discussions import services
from tenant_apps.discussions.exporting import ReadableDiscussions, nameless
from tenant_apps.discussions.models import Discussion
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


def test_who_asked_without_a_name_is_found_in_three_queries(in_alder, django_assert_num_queries) -> None:
    priya, tom = make_member(in_alder), make_member(in_alder, name="Tom Whitlock")
    asked = [make_discussion(priya, title=f"Question {number}") for number in range(3)]
    Discussion.objects.update(is_anonymous=True)
    own = services.post_reply(asked[0], body="Nobody knows?", by=priya)
    services.post_reply(asked[0], body="We use Circuit Sense.", by=tom)

    with django_assert_num_queries(3):
        masks = list(nameless())

    assert [mask.things for mask in masks] == [{asked[0].id, own.id}, {asked[1].id}, {asked[2].id}]
    assert {mask.member_id for mask in masks} == {priya.id}
