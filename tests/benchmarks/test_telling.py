"""Telling 5,000 members of one reply: their inboxes, their emails and the jobs that send them, in under 30 seconds."""

from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from shared_apps.mail.models import Message
from tenant_apps.discussions import services as discussions
from tenant_apps.notifications.models import Notification
from tenants.context import in_network
from tests.benchmarks.reports import Table
from tests.builders.crowds import make_crowd
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_served")]

CROWD, SECONDS = 5_000, 30


def test_telling_a_crowd(alder, report):
    """Every one of them follows the discussion and wants email at once."""
    asker, replier = make_member(alder, name="Priya Raman"), make_member(alder, name="Tom Whitlock")
    with in_network(alder):
        discussion = make_discussion(asker, body="Ours has retired. " * 40)
    make_crowd(alder, CROWD, following=discussion.id)
    with in_network(alder):
        reply = discussions.post_reply(discussion, body="We use Circuit Sense. " * 40, by=replier)
        DBTaskResult.objects.all().delete()
        with CaptureQueriesContext(connection) as caught:
            begun = perf_counter()
            discussions.tell_of_reply(reply.id)
            took = perf_counter() - begun
        told = Notification.objects.filter(kind="reply").count()
        queued = Message.objects.filter(kind="news.reply").count()
    table = Table("telling 5,000 followers of a reply", ("what", "figure"))
    table.add("seconds", took)
    table.add("seconds promised", SECONDS)
    table.add("statements", len(caught))
    table.add("emails queued", queued)
    report(table)

    assert (told, queued, DBTaskResult.objects.count()) == (CROWD + 1,) * 3
    assert took < SECONDS
