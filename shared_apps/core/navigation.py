"""What the bars, the rail and the menus show: apps register items in AppConfig.ready, and nothing else is drawn."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import groupby

from django.http import HttpRequest
from django.urls import reverse

from tenants.enums import Kind


class Area(StrEnum):
    """Where on the page an item is drawn."""

    RAIL = "rail"  # the main navigation: the rail on a network, the bar elsewhere
    BAR = "bar"  # the right end of the app bar
    ACCOUNT = "account"  # the menu under the person's initials
    DESK = "desk"  # on the organisers' own page, with a line about what it is for
    FOOT = "foot"
    SEARCH = "search"  # one item: the address the search box in the bar asks


def signed_in(request: HttpRequest) -> bool:
    """Whether somebody is signed in on this site."""
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated)


def signed_out(request: HttpRequest) -> bool:
    """Whether nobody is signed in on this site."""
    return not signed_in(request)


def anyone(request: HttpRequest) -> bool:
    """Everybody, signed in or not."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One link, or with `post` one button. `url` overrides `url_name` where the address depends on the request; an
    item without an address is not drawn. `thumb` asks for a place in a phone's bottom bar, which has four and a menu.
    """

    label: str | Callable[[HttpRequest], str]
    url_name: str = ""
    url: Callable[[HttpRequest], str] | None = None
    icon: str = ""
    group: str = ""
    kinds: tuple[Kind, ...] = (Kind.NETWORK,)
    order: int = 100
    area: Area = Area.RAIL
    requires: Callable[[HttpRequest], bool] = signed_in
    count: Callable[[HttpRequest], int] | None = None
    count_word: str = "new"
    thumb: bool = False
    short: str = ""
    about: str = ""
    icon_only: bool = False
    post: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Another site this person may go to: a network with its colour, or the Collective with its icon."""

    label: str
    url: str
    colour: str = ""
    icon: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A NavItem worked out for one request."""

    label: str
    short: str
    about: str
    url: str
    icon: str
    group: str
    current: bool
    count: int
    count_word: str
    thumb: bool
    icon_only: bool
    post: bool

    @property
    def folds(self) -> bool:
        """Whether it moves into the bottom bar's menu on a phone: an icon whose words matter."""
        return bool(self.icon) and not self.icon_only


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything around a page, for one request."""

    rail: list[tuple[str, list[Link]]] = field(default_factory=list)
    thumbs: list[Link] = field(default_factory=list)
    bar: list[Link] = field(default_factory=list)
    account: list[Link] = field(default_factory=list)
    foot: list[Link] = field(default_factory=list)
    search: Link | None = None
    places: list[Place] = field(default_factory=list)

    @property
    def main(self) -> list[Link]:
        """The main navigation without its groups."""
        return [link for _, links in self.rail for link in links]

    @property
    def folding(self) -> list[Link]:
        """Links of the bar that a phone shows in the bottom bar's menu."""
        return [link for link in self.bar if link.folds]

    @property
    def networks(self) -> list[Place]:
        """Places that are networks, which are those with a colour."""
        return [place for place in self.places if place.colour]


THUMBS = 4

_items: dict[NavItem, None] = {}
_places: dict[Callable[[HttpRequest], Iterable[Place]], None] = {}


def register(*items: NavItem) -> None:
    """Add items; adding one twice is the same as once."""
    _items.update(dict.fromkeys(items))


def register_places(places: Callable[[HttpRequest], Iterable[Place]]) -> None:
    """Add a source for the switcher's list; it runs once a page, so it should cost no query of its own."""
    _places[places] = None


def shell_of(request: HttpRequest) -> Shell:
    """Return the shell of this request, worked out once; empty when it failed before anybody was recognised."""
    if not hasattr(request, "sbm_shell"):
        request.sbm_shell = _build(request) if _is_recognised(request) else Shell()
    return request.sbm_shell


def desk_of(request: HttpRequest) -> list[Link]:
    """Return what organisers look after; their counts may cost queries, which no other page pays."""
    return list(_links(request, Area.DESK))


def _is_recognised(request: HttpRequest) -> bool:
    """Whether the middlewares have run that say who this is, so that items may ask."""
    on_network = getattr(request, "site_kind", None) == Kind.NETWORK
    return hasattr(request, "user") and (hasattr(request, "member") or not on_network)


def _build(request: HttpRequest) -> Shell:
    areas = {area: list(_links(request, area)) for area in Area if area != Area.DESK}
    rail = areas[Area.RAIL]
    return Shell(
        rail=[(group, list(links)) for group, links in groupby(rail, key=lambda link: link.group)],
        thumbs=[link for link in rail if link.thumb][:THUMBS],
        bar=areas[Area.BAR],
        account=areas[Area.ACCOUNT],
        foot=areas[Area.FOOT],
        search=next(iter(areas[Area.SEARCH]), None),
        places=[place for places in _places for place in places(request)],
    )


def _links(request: HttpRequest, area: Area) -> Iterator[Link]:
    kind = getattr(request, "site_kind", Kind.PUBLIC)
    mine = [item for item in _items if item.area == area and kind in item.kinds and item.requires(request)]
    addressed = [(item, url) for item in _in_group_order(mine) if (url := _address(item, request))]
    current = _current([url for _, url in addressed], request.path)
    for item, url in addressed:
        yield _link(item, url, request, current=url == current and not item.post)


def _in_group_order(items: list[NavItem]) -> list[NavItem]:
    """Return items by order, with a group where its first item is; items without a group come first."""
    ordered = sorted(items, key=lambda item: (item.group != "", item.order))
    groups = list(dict.fromkeys(item.group for item in ordered))
    return sorted(ordered, key=lambda item: groups.index(item.group))


def _address(item: NavItem, request: HttpRequest) -> str:
    if item.url is not None:
        return item.url(request)
    return _named_address(item.url_name, getattr(request, "urlconf", None))


@cache
def _named_address(url_name: str, urlconf: str | None) -> str:
    """Looked up once in a process: every page shows some twenty of them."""
    return reverse(url_name, urlconf=urlconf)


def _current(urls: list[str], path: str) -> str | None:
    """Return the address the page is under: the longest that starts the path; a home page only for itself."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default=None)


def _link(item: NavItem, url: str, request: HttpRequest, *, current: bool) -> Link:
    label = item.label if isinstance(item.label, str) else item.label(request)
    return Link(
        label=label,
        short=item.short or label,
        about=item.about,
        url=url,
        icon=item.icon,
        group=item.group,
        current=current,
        count=item.count(request) if item.count else 0,
        count_word=item.count_word,
        thumb=item.thumb,
        icon_only=item.icon_only,
        post=item.post,
    )
