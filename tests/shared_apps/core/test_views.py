"""Error pages in the words of the house, and the gallery's door."""

import json
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import Http404
from django.test import Client, RequestFactory
from django.test.utils import override_settings

from shared_apps.api.rest import problems
from shared_apps.core import views
from shared_apps.core.middleware import OwnNotFoundMiddleware
from tenants.enums import Kind
from tests import cluster


@pytest.fixture(params=[*Kind, None])
def request_on(request):
    """A request on each kind of site, and on none."""
    asked = RequestFactory().get("/somewhere/")
    asked.site_kind = request.param
    asked.network = (
        SimpleNamespace(name="Alder SBM Network", colour="#00696b", state="live")
        if request.param == Kind.NETWORK
        else None
    )
    asked.user = SimpleNamespace(is_authenticated=False)
    return asked


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (views.bad_request, 400, "We could not read that"),
        (views.forbidden, 403, "This is not yours to open"),
        (views.not_found, 404, "This page is not here"),
        (views.too_many, 429, "That was a lot in a short time"),
        (views.csrf_failure, 403, "That form was too old"),
    ],
)
def test_error_pages_say_what_to_do_on_every_site(request_on, view, status, words):
    response = view(request_on)

    assert response.status_code == status
    assert f"<h1>{words}</h1>" in response.content.decode()


def test_forbidden_shows_the_words_of_the_refusal(request_on):
    response = views.forbidden(request_on, PermissionDenied("Only organisers can change this. Helen Marsh can help."))

    assert "Only organisers can change this. Helen Marsh can help." in response.content.decode()


def test_server_error_needs_neither_session_nor_database(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = views.server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "It is our fault" in response.content.decode()


@pytest.fixture
def lost(transactional_db) -> Iterator[OperationalError]:
    """What a statement raised when the server ended its connection."""
    with pytest.raises(OperationalError) as raised:
        cluster.lose_connection()
    yield raised.value
    connection.close()


def test_while_the_database_is_away_people_and_programs_are_told_to_try_again(lost):
    answers = []
    for path in ("/discussions/", "/api/v1/discussions/"):
        try:
            raise lost
        except OperationalError:
            answers.append(views.server_error(RequestFactory().get(path)))
    resource = problems.handle(lost, {"request": RequestFactory().get("/api/v1/discussions/")})

    page, program = answers
    assert [each.status_code for each in (page, program, resource)] == [503] * 3
    assert [each.headers["Retry-After"] for each in (page, program, resource)] == ["5"] * 3
    assert 'href="/discussions/">Try again</a>' in page.content.decode()
    assert json.loads(program.content) == resource.data


def test_a_lock_that_was_waited_for_in_vain_is_no_lost_database(db):
    try:
        raise OperationalError("lock timeout")
    except OperationalError:
        assert views.server_error(RequestFactory().get("/")).status_code == 500


def test_gallery_is_for_development():
    request = RequestFactory().get("/dev/components/")

    with override_settings(DEBUG=True):
        assert views.gallery(request).status_code == 200
    with override_settings(DEBUG=False), pytest.raises(Http404):
        views.gallery(request)


@pytest.mark.parametrize("place", ["alder", "collective", "platform"])
def test_every_site_answers_a_wrong_address_in_the_words_of_the_house(alder, client_for, place):
    response = client_for(alder if place == "alder" else place).get("/nothing-here/")

    assert response.status_code == 404
    assert "It may have been moved or taken back by the person who shared it." in response.content.decode()


def test_a_host_without_a_network_shows_nothing_of_any(db):
    response = Client(headers={"host": "nowhere.localhost"}).get("/")

    assert response.status_code == 404
    assert "There is no network here" in response.content.decode()


def test_development_answers_a_wrong_address_as_production_does(db, client_for, settings):
    in_production = client_for("platform").get("/nothing-here/")

    settings.DEBUG = True
    in_development = client_for("platform").get("/nothing-here/")

    assert in_development.status_code == 404
    assert in_development.content == in_production.content


def test_development_answers_a_view_that_found_nothing_as_production_does(settings):
    settings.DEBUG = True

    def found_nothing(request):
        raise AssertionError("the view is not called here")

    response = OwnNotFoundMiddleware(found_nothing).process_exception(RequestFactory().get("/"), Http404())

    assert response.status_code == 404
    assert "This page is not here" in response.content.decode()
