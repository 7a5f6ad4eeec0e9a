"""The page where members choose what they are told of, how and when."""

import pytest

from shared_apps.mail import services as mail
from shared_apps.mail.models import Recipient
from tenant_apps.discussions.models import Category
from tenant_apps.members.enums import Role
from tenant_apps.notifications import selectors, services
from tenant_apps.notifications.enums import Channel, Kind, Level
from tenants.context import in_network
from tests.builders.discussions import make_discussion
from tests.builders.members import client_of, make_member

PATH = "/notifications/preferences/"


@pytest.fixture
def priya(alder):
    return make_member(alder, name="Priya Raman")


def form(**changes) -> dict:
    kinds = {f"kind_{kind}": "email" for kind in Kind}
    times = {"digest": "daily", "digest_hour": "7", "digest_weekday": "0", "quiet_from": "", "quiet_until": ""}
    return {"level": "digest"} | kinds | times | changes


def test_preferences_are_saved_and_shown(alder, priya):
    with in_network(alder):
        category = Category.objects.get(name="Finance")
    client = client_of(priya, alder)

    answer = client.post(
        PATH,
        form(
            level="mentions",
            kind_reply="digest",
            digest="weekly",
            digest_hour="6",
            digest_weekday="4",
            quiet_from="20",
            quiet_until="7",
            **{f"topic_{category.id.hex}": "everything"},
        ),
    )

    assert answer.status_code == 302
    with in_network(alder):
        chosen = services.wishes_of(priya)
        assert chosen.level == Level.MENTIONS
        assert chosen.levels == {("category", category.id): Level.EVERYTHING}
        assert chosen.channels[Kind.REPLY] == Channel.DIGEST
    saved = Recipient.objects.get(account_id=priya.account_id)
    assert (saved.digest, saved.digest_hour, saved.digest_weekday) == ("weekly", 6, 4)
    assert (saved.quiet_from, saved.quiet_until) == (20, 7)
    page = client.get(PATH).content.decode()
    assert '<option value="weekly" selected>' in page


def test_preferences_a_category_can_go_back_to_the_rest(alder, priya):
    with in_network(alder):
        category = Category.objects.get(name="Finance")
        services.set_level(priya, kind="category", object_id=category.id, level=Level.MUTE)

    client_of(priya, alder).post(PATH, form())

    with in_network(alder):
        assert services.wishes_of(priya).levels == {}


def test_preferences_say_what_is_wrong(alder, priya):
    answer = client_of(priya, alder).post(PATH, form(quiet_from="20", kind_reply="pigeon"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose when quiet hours begin and when they end" in page
    assert page.count("<title>Error: ") == 1
    assert not Recipient.objects.exists()


def test_preferences_levels_of_a_discussion(alder, priya):
    tom = make_member(alder, name="Tom Whitlock")
    with in_network(alder):
        discussion = make_discussion(tom)
    client, path = client_of(priya, alder), f"/discussions/{discussion.id}/"

    for level in Level:
        client.post(f"{path}follow/", {"level": level})
        page = client.get(path).content.decode()
        assert f'value="{level}" checked' in " ".join(page.split())
    assert client.post(f"{path}follow/", {"level": "loudly"}).status_code == 404
    with in_network(alder):
        assert not selectors.is_following(priya, kind="discussion", object_id=discussion.id)


def test_preferences_an_address_that_bounced_is_tried_again(alder, priya):
    mail.take_bounce(priya.email, is_hard=True)
    client = client_of(priya, alder)
    assert "We stopped sending you email" in client.get("/inbox/").content.decode()

    owner = make_member(alder, name="Helen Marsh", role=Role.OWNER)
    assert client_of(owner, alder).get("/manage/members/").content.decode().count("No email") == 1

    client.post("/notifications/address/")

    assert "We stopped sending you email" not in client.get(PATH).content.decode()
