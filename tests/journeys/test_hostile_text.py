"""Texts that try to run, stored everywhere and read in a real browser, whose content policy is off: nothing runs."""

from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page

from shared_apps.accounts.models import User
from tenants.models import Network
from tests.builders.accounts import host_of, make_account, sign_in
from tests.isolation.poison import poison
from tests.isolation.world import Place

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NETWORK = (
    "/",
    "/sign-in/",
    "/members/",
    "/members/{member_id}/",
    "/manage/",
    "/manage/members/",
    "/manage/branding/",
    "/manage/categories/",
    "/manage/sharing/",
    "/manage/sharing/{item_id}/decide/",
    "/sharing/",
    "/discussions/",
    "/discussions/?q=<script>window.hostile=1</script>",
    "/discussions/{discussion_id}/",
    "/discussions/{discussion_id}/edit/",
    "/discussions/{discussion_id}/history/",
    "/discussions/{discussion_id}/replies/{reply_id}/history/",
    "/suppliers/",
    "/suppliers/{supplier_id}/",
    "/account/",
    "/dev/mail/",
    "/dev/mail/{message_id}/?part=html",
    "/dev/mail/{message_id}/html/",
)
COLLECTIVE = (
    "/",
    "/?q=hostile",
    '/?q="><img src=x onerror=window.hostile=1>',
    "/publications/{publication_id}/",
    "/suppliers/",
    "/suppliers/{supplier_key}/",
    "/waiting/",
)
PLATFORM = ("/operator/", "/operator/networks/{network_id}/", "/operator/networks/{network_id}/suspend/")


@pytest.fixture
def open_page(browser: Browser, live_port: int):
    """Return a function that opens a page as somebody and returns what went wrong there."""
    context = browser.new_context(bypass_csp=True, locale="en-GB", reduced_motion="reduce")
    page, said = context.new_page(), []
    page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: said.append(f"error {error}"))
    page.on("console", lambda message: said.append(message.text) if _is_error(message) else None)
    page.on("response", lambda response: said.append(response.url) if response.status >= 400 else None)
    page.on("request", lambda request: said.append(request.url) if _leaves(request.url, live_port) else None)

    def open_page(host: str, path: str, cookie: str) -> list[str]:
        said.clear()
        context.clear_cookies()
        address = f"http://{host}:{live_port}"
        context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
        response = page.goto(address + path, wait_until="load")
        return [*([f"status {response.status}"] if response.status != 200 else []), *said, *_run(page)]

    yield open_page
    context.close()


def test_nothing_runs_where_hostile_text_is_shown(
    alder: Network, birch: Network, open_page: Callable[[str, str, str], list[str]], settings
):
    settings.DEBUG = True
    place = poison(alder, birch)
    place.ids["network_id"] = alder.id
    operator = make_account(email="olive@operator.example", operator=True)
    reader = User.objects.with_networks().get(email="answerer@hostile.example")
    owner = User.objects.with_networks().get(pk=place.accounts["owner"].pk)
    faults = {
        f"{host_of(host)} {path}": found
        for host, account, paths in (
            (alder, owner, NETWORK),
            ("collective", reader, COLLECTIVE),
            ("platform", operator, PLATFORM),
        )
        for path in paths
        if (found := open_page(host_of(host), path.format(**place.ids), _session(account, host)))
    }

    assert faults == {}


def test_this_browser_would_run_it(open_page, alder: Network, monkeypatch):
    """Where the text is not escaped it runs, so the test above could fail."""
    import nh3

    from shared_apps.core import markdown

    monkeypatch.setattr(nh3, "clean", lambda html, **_: html)
    monkeypatch.setattr(markdown, "_parser", _Unescaped)
    place = _one_discussion(alder)

    found = open_page(host_of(alder), f"/discussions/{place.ids['discussion_id']}/", place.secrets["session"])

    assert any("hostile" in each for each in found)


class _Unescaped:
    def render(self, text: str) -> str:
        return text


def _one_discussion(network: Network) -> Place:
    from tenants.context import in_network
    from tests.builders.discussions import make_discussion
    from tests.builders.members import make_member

    place = Place(network, 1)
    member = make_member(network)
    with in_network(network):
        place.ids["discussion_id"] = make_discussion(member, body="<img src=/none onerror='window.hostile=1'>").id
    place.secrets["session"] = _session(User.objects.with_networks().get(pk=member.account_id), network)
    return place


def _session(account: User, host: Network | str) -> str:
    client = sign_in(Client(headers={"host": host_of(host)}), account, host)
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


def _is_error(message: ConsoleMessage) -> bool:
    """Whether a page complained; what it could not load is seen as a response, the icon of a bare email is not."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def _leaves(url: str, port: int) -> bool:
    return not (f"localhost:{port}/" in url or url.startswith(("data:image/", "about:")))


def _run(page: Page) -> list[str]:
    """Return what ran in the page or its frames, and elements and attributes that only hostile text would bring."""
    return [fault for frame in page.frames for fault in frame.evaluate(_FAULTS)]


_FAULTS = """() => {
  const strange = "x-hostile, object, embed, math, foreignObject, [srcdoc], [data-hostile], "
    + "[formaction]:not([formaction^='/drafts/']), "
    + "script:not([src]), img[src='x'], style:not(.m-page *):not(head *), form[action^='http']";
  const ours = document.querySelector(".m-page") ? "" : ", base, [style]";  // an email has styles and a base of ours
  const runs = (each) => each.name.startsWith("on")
    || (["href", "src", "action"].includes(each.name) && /^\\s*(javascript|vbscript|data:text)/i.test(each.value));
  const attributes = Array.from(document.querySelectorAll("*")).flatMap((each) => Array.from(each.attributes));
  return [
    ...(window.hostile ? ["hostile ran"] : []),
    ...Array.from(document.querySelectorAll(strange + ours), (each) => each.outerHTML.slice(0, 100)),
    ...attributes.filter(runs).map((each) => `${each.name}=${each.value}`.slice(0, 100)),
  ];
}"""
