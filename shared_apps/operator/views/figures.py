"""How the platform is, drawn for a person and written for Prometheus."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from shared_apps.accounts.permissions import is_operator, operator_required
from shared_apps.billing import selectors as billing
from shared_apps.billing.models import money
from shared_apps.core.templatetags.sbm import file_size, short_day
from shared_apps.core.when import short_when
from shared_apps.jobs import selectors as jobs
from shared_apps.monitoring import selectors as monitoring
from shared_apps.monitoring.enums import MailOutcome
from shared_apps.operator import metering, selectors
from shared_apps.operator.enums import Standing
from shared_apps.requests import selectors as asking

DAYS = 28
MOST = 10
CHART_WIDTH, CHART_HEIGHT = 560, 120


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus, or an operator's browser; to everybody else there is nothing here."""
    if not (metering.may_scrape(request.headers.get("Authorization", "")) or is_operator(request.user)):
        raise Http404
    return HttpResponse(metering.exposition(), content_type=metering.CONTENT_TYPE)


@require_GET
@operator_required
def overview(request: HttpRequest) -> HttpResponse:
    """Draw networks by state, use by day, jobs, how email was received, and room."""
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "tiles": _tiles(now, today),
        "states": _states(selectors.network_figures(now).by_standing),
        "plans": _bars((state.label, "", n, f"{n:,}") for state, n in billing.networks_by_state().items()),
        "days": _day_bars(monitoring.used_networks(today, days=DAYS)),
        "jobs": _jobs(jobs.queues(), now),
        "mail": [_reputation(each) for each in monitoring.worst_reputations(today, days=DAYS, limit=MOST)],
        "sizes": _sizes(monitoring.largest_networks(MOST)),
    }
    return render(request, "operator/overview.html", context)


def _tiles(now: datetime, today: date) -> list[tuple[str, str, str]]:
    mail, (files, tables) = monitoring.mail_of_day(today), monitoring.total_size()
    states, most = monitoring.connections()
    waiting, oldest = asking.queue()
    beat = jobs.last_heartbeat()
    bad = f"{mail[MailOutcome.BOUNCED]:,} came back, {mail[MailOutcome.HELD]:,} held"
    age = f"{max(round((now - beat).total_seconds()), 0):,} s" if beat else "None"
    taken = billing.takings_since(now - timedelta(days=DAYS))
    back = f"{money(taken.refunded)} of it refunded, {money(taken.credited)} credited; {money(taken.owed)} owed"
    return [
        (f"Paid in {DAYS} days", money(taken.paid), back),
        ("Emails sent today", f"{mail[MailOutcome.SENT]:,}", bad),
        ("Requests waiting", f"{waiting:,}", f"Oldest since {short_when(oldest, now)}" if oldest else "All answered"),
        ("Room", file_size(files + tables), f"{file_size(files)} of it files"),
        ("Worker’s last sign of life", age, "ago; 30 s is too long" if beat else "No worker has run"),
        ("Database connections", f"{sum(states.values()):,}", f"of {most:,} at most"),
    ]


def _states(counts: dict[Standing, int]) -> list[dict[str, Any]]:
    console = reverse("operator:network_list")
    rows = [(standing.label, f"{console}?state={standing.value}", n, f"{n:,}") for standing, n in counts.items()]
    return _bars(rows)


def _sizes(sizes: list[monitoring.Size]) -> list[dict[str, Any]]:
    return _bars((each.name, _address(each.network_id), each.total, file_size(each.total)) for each in sizes)


def _bars(rows: Iterable[tuple[str, str, float, str]]) -> list[dict[str, Any]]:
    """Return rows of title, address, figure and words with `width`, of 100, for the largest."""
    known = list(rows)
    largest = max((figure for _, _, figure, _ in known), default=0) or 1
    return [
        {"title": title, "url": url, "width": round(100 * figure / largest, 1), "words": words}
        for title, url, figure, words in known
    ]


def _day_bars(days: list[tuple[date, int]]) -> dict[str, Any]:
    """Return the columns of the chart in its own units, and what its table says."""
    most, step = max(count for _, count in days), CHART_WIDTH / len(days)
    columns = []
    for index, (_, count) in enumerate(days):
        height = round(CHART_HEIGHT * count / (most or 1), 1)
        columns.append({"x": round(index * step + 2, 1), "y": round(CHART_HEIGHT - height, 1), "height": height})
    return {
        "columns": columns,
        "wide": round(step - 4, 1),
        "width": CHART_WIDTH,
        "height": CHART_HEIGHT,
        "first": short_day(days[0][0]),
        "last": short_day(days[-1][0]),
        "most": most,
        "rows": [(short_day(day), count) for day, count in reversed(days)],
    }


def _jobs(queues: list[jobs.Queue], now: datetime) -> list[dict[str, Any]]:
    """Return the fullest queues for a table."""
    fullest = sorted(queues, key=lambda queue: (-queue.failed, -queue.waiting, queue.job))[:MOST]
    return [
        {
            "title": queue.job,
            "cells": [
                f"{queue.waiting:,}",
                f"{queue.failed:,}",
                short_when(queue.oldest_waiting_at, now) if queue.oldest_waiting_at else "Nothing is due",
            ],
        }
        for queue in fullest
    ]


def _reputation(row: monitoring.Reputation) -> dict[str, Any]:
    bounced = f"{row.bounced:,} ({row.share_bounced:.1f} %)"
    cells = [f"{row.sent:,}", bounced, f"{row.complained:,}"]
    return {"title": row.name, "url": _address(row.network_id), "cells": cells}


def _address(network_id: object) -> str:
    return reverse("operator:network_detail", args=[network_id])
