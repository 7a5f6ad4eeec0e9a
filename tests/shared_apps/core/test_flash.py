"""Messages on the next page."""

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.template.loader import render_to_string
from django.test import RequestFactory

from shared_apps.core import flash


@pytest.fixture
def request_with_messages():
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)
    return request


def test_say_is_read_once(request_with_messages):
    flash.say(request_with_messages, "Withdrawn.", undo="/share/", label="Share again")

    assert flash.flashes(request_with_messages) == [flash.Flash("good", "Withdrawn.", "/share/", "Share again")]


def test_flashes_take_plain_messages_of_django(request_with_messages):
    messages.error(request_with_messages, "That code has run out.")
    messages.warning(request_with_messages, "Read-only from Friday.", extra_tags="anything")

    assert flash.flashes(request_with_messages) == [
        flash.Flash("bad", "That code has run out."),
        flash.Flash("warn", "Read-only from Friday."),
    ]


def test_flash_undoes_with_a_post_and_a_token():
    values = {"kind": "good", "text": "<b>Done</b>", "url": "/undo/", "label": "Undo", "csrf_token": "token"}

    html = render_to_string("components/flash.html", values)

    assert '<form class="acts" method="post" action="/undo/">' in html
    assert 'name="csrfmiddlewaretoken" value="token"' in html
    assert "&lt;b&gt;Done&lt;/b&gt;" in html
