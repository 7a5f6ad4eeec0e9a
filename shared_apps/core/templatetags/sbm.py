"""Tags and filters of the design system; settings make them built in, so that no page loads them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from shared_apps.core import fields, flash, navigation, when
from tenants.enums import Kind, NetworkState

register = template.Library()

LAYOUTS = {
    Kind.PUBLIC: "base/platform.html",
    Kind.NETWORK: "base/network.html",
    Kind.COLLECTIVE: "base/collective.html",
}
SITE_NAMES = {Kind.PUBLIC: "SBM Collective", Kind.COLLECTIVE: "The Collective"}
SHAPES = {
    "good": "check-circle-fill",
    "warn": "exclamation-triangle-fill",
    "bad": "x-circle-fill",
    "note": "info-circle-fill",
    "shared": "share",
    "waiting": "clock",
    "withdrawn": "arrow-return-left",
    "local": "lock",
}
ROW_STATES = {"answered": ("check-circle-fill", "Answered"), "question": ("question-circle", "Question, no answer yet")}
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 88, 32, 4


def draw(context: Context, name: str, /, **values: Any) -> SafeString:
    """Render a component with these values and nothing else of the page but its request and CSRF token."""
    component = context.template.engine.get_template(f"components/{name}.html")
    values["csrf_token"] = context.get("csrf_token")
    return component.render(context.new(values))


# The shell -----------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def shell(context: Context) -> navigation.Shell:
    """Navigation of this request; empty where a page is drawn without one."""
    request = context.get("request")
    return navigation.shell_of(request) if request is not None else navigation.Shell()


@register.filter
def site_layout(request: HttpRequest | None) -> str:
    """The layout of the site a request is on: {% extends request|site_layout %}."""
    return LAYOUTS.get(getattr(request, "site_kind", None), "base/page.html")


@register.filter
def site_name(request: HttpRequest | None) -> str:
    """The name of the site a request is on, for titles and bars."""
    network = getattr(request, "network", None)
    return network.name if network else SITE_NAMES.get(getattr(request, "site_kind", None), "SBM Collective")


@register.filter
def short_network(name: str) -> str:
    """A network's name without the words all have: "Birmingham" of "Birmingham SBM Network"."""
    return re.split(r"\s+(?:SBM|Network|School Business)\b", name, maxsplit=1)[0]


@register.filter
def person_name(request: HttpRequest | None) -> str:
    """The signed-in person's name here; on sites without members, their name across networks or their email."""
    member, user = getattr(request, "member", None), getattr(request, "user", None)
    return getattr(member, "name", "") or getattr(user, "display_name", "") or getattr(user, "email", "")


@register.filter
def person_theme(request: HttpRequest | None) -> str:
    """ "light" or "dark" where the person chose one, else "", which follows the device."""
    chosen = getattr(getattr(request, "member", None), "theme", "") or getattr(
        getattr(request, "user", None), "theme", ""
    )
    return chosen if chosen in ("light", "dark") else ""


@register.simple_tag(takes_context=True)
def theme_url(context: Context) -> str:
    """Address of the style sheet with a live network's colour, or "". A new colour is a new address."""
    network = getattr(context.get("request"), "network", None)
    is_drawn = network is not None and network.state == NetworkState.LIVE  # others answer with one page and no sheet
    return f"/theme.css?v={network.colour.lstrip('#')}" if is_drawn else ""


@register.simple_tag(takes_context=True)
def flashes(context: Context) -> list[flash.Flash]:
    """Messages waiting for this person."""
    request = context.get("request")
    return flash.flashes(request) if hasattr(request, "_messages") else []


@register.simple_tag
def asset(path: str) -> str:
    """Address of one of the product's own static files; as {% static %}, but looked up once in a process."""
    return _asset(path)


@cache
def _asset(path: str) -> str:
    return static(path)


# Small parts ---------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite, always beside a word: {% icon "share" %}, {% icon "globe2" "i-lg" %}."""
    return _icon(name, css)


@cache
def _icon(name: str, css: str) -> SafeString:
    classes = f"i {css}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static("vendor/icons.svg"), name
    )


_BETWEEN_WORDS = re.compile(r"[\s@.]+")


@register.filter
def initials(name: str) -> str:
    """First letters of the first and last word: "PR" of "Priya Raman"."""
    words = [word for word in _BETWEEN_WORDS.split(str(name)) if word and word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


register.simple_tag(initials, name="initials")


@register.simple_tag
def face(name: str, *, small: bool = False, away: bool = False) -> SafeString:
    """Initials in a circle; the name must stand beside it."""
    return _face(initials(name), bool(small), bool(away))


@lru_cache(maxsize=4096)
def _face(letters: str, small: bool, away: bool) -> SafeString:
    """Drawn once for each pair of letters, because every post has one."""
    return render_to_string("components/face.html", {"letters": letters, "small": small, "away": away})


@register.simple_tag
@cache
def row_state(state: str) -> SafeString:
    """The shape of a discussion's row, drawn once for each state: answered, question or discussion."""
    shape, words = ROW_STATES.get(state, ("chat-dots", "Discussion"))
    css = " is-answered" if state == "answered" else ""
    markup = '<span class="row-state{}">{}<span class="visually-hidden">{}</span></span>'
    return format_html(markup, css, icon(shape), words)


@register.simple_tag(takes_context=True)
def badge(context: Context, kind: str, text: str, *, icon: str = "", url: str = "") -> SafeString:
    """State as a shape and a word; kind is good, warn, bad, note, shared, waiting, withdrawn, local or plain."""
    return draw(context, "badge", kind=kind, text=text, icon=icon or SHAPES.get(kind, ""), url=url)


@register.simple_tag(takes_context=True)
def tag(context: Context, text: str, *, kind: str = "", url: str = "") -> SafeString:
    """A category or short state on a soft ground; a link only where it filters."""
    return draw(context, "tag", text=text, kind=kind, url=url)


@register.simple_tag(takes_context=True)
def provenance(context: Context, name: str, colour: str, *, through: bool = False) -> SafeString:
    """The tab of another network with its name; `through` says it came through the Collective."""
    return draw(context, "provenance", name=name, colour=colour, through=through)


# Dates and times -----------------------------------------------------------------------------------------------------


@register.filter
def short_when(moment: datetime | None) -> str:
    """ "08:52" today, "Mon", "12 Nov", "12 Nov 2025"."""
    return when.short_when(moment, timezone.now()) if moment else ""


@register.filter
def long_when(moment: datetime | None) -> str:
    """ "Tue 10 Nov, 16:20"."""
    return when.long_when(moment, timezone.now()) if moment else ""


@register.filter
def on_when(moment: datetime | None) -> str:
    """ "on Friday", to follow a verb: "marked by you on Friday"."""
    return when.on_when(moment, timezone.now()) if moment else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """ "14 January", with the year when it is not this school year."""
    return when.long_day(_date(value), timezone.localdate()) if value else ""


@register.filter
def short_day(value: date | datetime | None) -> str:
    """ "14 Jan", with the year when it is not this school year."""
    return when.short_day(_date(value), timezone.localdate()) if value else ""


@register.filter
def clock(moment: datetime | None) -> str:
    """ "3.30pm"."""
    return when.clock(moment) if moment else ""


@register.simple_tag(name="when")
def when_tag(moment: datetime | date | None, form: str = "short") -> SafeString | str:
    """A <time> element: {% when reply.created_at %}, {% when reply.created_at "long" %}; of a date, its day."""
    if not moment:
        return ""
    if not isinstance(moment, datetime):
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), short_day(moment))
    local, now = when.here(moment), when.here(timezone.now())
    full, at = when.long_when(local, now), moment.isoformat()
    if form == "long":
        return mark_safe(f'<time datetime="{at}">{full}</time>')  # noqa: S308 - all of it made from a datetime
    return mark_safe(f'<time datetime="{at}" title="{full}">{when.short_when(local, now)}</time>')  # noqa: S308 - and this


def _date(value: date | datetime) -> date:
    return when.here(value).date() if isinstance(value, datetime) else value


def _trimmed(content: str) -> SafeString:
    """A body without the space around it, so that a template can tell that there is none."""
    return mark_safe(content.strip())  # noqa: S308 - a rendered block; strip alone would lose that it is safe


# Parts with a body ---------------------------------------------------------------------------------------------------


@register.simple_block_tag(takes_context=True)
def panel(context: Context, content: str, title: str = "", **values: Any) -> SafeString:
    """{% panel "Title" note="3 left" link="/all/" link_text="All" flush=True %}…{% endpanel %}."""
    values.setdefault("id", f"p-{slugify(title)}")
    return draw(context, "panel", title=title, content=content, **values)


@register.simple_block_tag(takes_context=True)
def page_head(context: Context, content: str, title: str, **values: Any) -> SafeString:
    """{% page_head "Discussions" sub="…" crumbs=crumbs %}actions, primary last{% endpage_head %}."""
    return draw(context, "page_head", title=title, actions=_trimmed(content), **values)


@register.simple_block_tag(takes_context=True)
def post(context: Context, content: str, **values: Any) -> SafeString:
    """{% post name=… role=… at=… body=… %}actions{% endpost %}; see components/post.html."""
    return draw(context, "post", actions=_trimmed(content), **values)


@register.simple_block_tag(takes_context=True)
def share_frame(
    context: Context, content: str, title: str = "Exactly what other networks see", **values: Any
) -> SafeString:
    """The dashed frame around a copy of what someone else sees."""
    return draw(context, "share_frame", title=title, content=content, **values)


@register.simple_block_tag(takes_context=True)
def task(context: Context, content: str, title: str, **values: Any) -> SafeString:
    """One thing in <ul class="tasks">, with its state or one to two buttons as the body."""
    return draw(context, "task", title=title, content=content, **values)


@register.simple_block_tag(takes_context=True)
def check_answers(context: Context, content: str, answers: Iterable[Mapping[str, str]], **values: Any) -> SafeString:
    """Question, answer, Change; the body is the buttons that say what will happen."""
    return draw(context, "check_answers", answers=answers, actions=_trimmed(content), **values)


@register.simple_block_tag(takes_context=True)
def confirm(context: Context, content: str, title: str, **values: Any) -> SafeString:
    """A question before a loss: the text says what happens to whom, the buttons name both outcomes."""
    return draw(context, "confirm", title=title, content=content, **values)


@register.simple_block_tag(takes_context=True)
def row_menu(context: Context, content: str, label: str) -> SafeString:
    """The "…" of a row: {% row_menu "Actions for Cover insurance" %}links and forms{% endrow_menu %}."""
    return draw(context, "row_menu", label=label, content=content)


# Forms ---------------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def field(context: Context, bound: BoundField, **options: Any) -> SafeString:
    """A whole field: label, hint, error, control, who sees it; options as core.fields.as_component says."""
    component, values = fields.as_component(bound, **options)
    return draw(context, component, **values)


@register.simple_tag(takes_context=True)
def error_summary(context: Context, *forms: BaseForm | None) -> SafeString | str:
    """ "There is a problem" with a link to each field; nothing when there is none. Takes one or more forms."""
    errors = list(chain.from_iterable(fields.errors_of(form) for form in forms if form))
    return draw(context, "error_summary", errors=errors) if errors else ""


# Lists and numbers ---------------------------------------------------------------------------------------------------


@register.filter
def nth(items: Sequence[Any], index: int) -> Any:
    """One item of a list by its place from 0: columns|nth:forloop.counter is the column after the first."""
    return items[index]


@register.filter
def counted(number: int, nouns: str) -> str:
    """ "1 reply" or "9 replies": {{ row.replies|counted:"reply,replies" }}."""
    one, many = nouns.split(",")
    return f"{number:,} {one if number == 1 else many}"


@register.filter
def thousands(number: int | str) -> str:
    """ "2,184"; words such as "1,000+" stay as they are."""
    return f"{number:,}" if isinstance(number, int) else str(number)


@register.filter
def file_size(size: int) -> str:
    """ "38 KB", "2.1 MB", "1.4 GB"."""
    if size < 1024**2:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024**2:.1f} MB" if size < 1024**3 else f"{size / 1024**3:,.1f} GB"


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page, *, of: str = "results", name: str = "page") -> SafeString:
    """ "1 to 13 of 412" and numbered links that keep the rest of the address."""
    query = context["request"].GET.copy()
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [_page_link(query, name, number, page) for number in numbers]
    before = _page_url(query, name, page.previous_page_number()) if page.has_previous() else ""
    after = _page_url(query, name, page.next_page_number()) if page.has_next() else ""
    total = getattr(page.paginator, "count_label", page.paginator.count)
    counts = {"first": page.start_index(), "last": page.end_index(), "total": total}
    return draw(context, "pagination", of=of, links=links, before=before, after=after, **counts)


def _page_link(query: Any, name: str, number: int | str, page: Page) -> dict[str, Any]:
    """One number; the "…" of a shortened range has no address."""
    url = _page_url(query, name, number) if isinstance(number, int) else ""
    return {"number": number, "url": url, "current": number == page.number}


def _page_url(query: Any, name: str, number: int) -> str:
    query[name] = number
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def stat_tile(context: Context, label: str, value: Any, *, note: str = "", points: Iterable[float] = ()) -> SafeString:
    """One figure with its line of the last weeks; at most four in a <div class="tiles">."""
    line = spark(list(points))
    return draw(context, "stat_tile", label=label, value=value, note=note, line=line, end=line[-1] if line else None)


def spark(points: list[float]) -> list[tuple[float, float]]:
    """Return a figure's values, oldest first, as points within the small line's box."""
    if len(points) < 2:
        return []
    low, high = min(points), max(points)
    step, scale = (
        (SPARK_WIDTH - 2 * SPARK_EDGE) / (len(points) - 1),
        (SPARK_HEIGHT - 2 * SPARK_EDGE) / (high - low or 1),
    )
    return [
        (round(SPARK_EDGE + index * step, 1), round(SPARK_HEIGHT - SPARK_EDGE - (point - low) * scale, 1))
        for index, point in enumerate(points)
    ]
