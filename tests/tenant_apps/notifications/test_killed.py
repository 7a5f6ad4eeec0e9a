"""A worker killed while it tells 1,200 members goes on where it was, and tells nobody twice."""

import signal
from collections import Counter

import pytest
from django_tasks_db.models import DBTaskResult

from shared_apps.accounts.models import NetworkAccess
from shared_apps.mail.models import Message
from tenant_apps.notifications.models import News, Notification
from tenants.context import in_network
from tenants.ids import new_id
from tests.builders.crowds import make_crowd
from tests.tenants.killing import run_python

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 1_200  # two chunks of 500 and one of 200
TELL = """
import sys, uuid, django
django.setup()
from tenants.context import in_network
from tenants.models import Network
from tenant_apps.notifications import services
from tenant_apps.notifications.services import telling
from tests.tenants.killing import die

thing, fatal = uuid.UUID(sys.argv[1]), int(sys.argv[2])
calls, queue = [], telling.mail.queue_copies

def queue_and_die(*arguments):
    queued = queue(*arguments)
    calls.append(queued)
    if len(calls) == fatal:
        die()
    return queued

telling.mail.queue_copies = queue_and_die
with in_network(Network.objects.get(subdomain="alder")):
    services.notify(
        services.Happening(kind="reply", things=[("discussion", thing)]),
        services.Tidings(
            key="reply.1", title="Who cuts your grass?", path="/discussions/1/", about=("discussion", thing)
        ),
    )
"""


def tell(thing, *, fatal: int = 0) -> int:
    """Tell in another process, which dies in the transaction of the chunk of this number; return how it ended."""
    done = run_python("-c", TELL, str(thing), str(fatal))
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def test_killed_telling_is_finished_and_tells_nobody_twice(alder):
    thing = new_id()
    crowd = make_crowd(alder, CROWD, following=thing)
    DBTaskResult.objects.all().delete()

    killed = [tell(thing, fatal=2), tell(thing, fatal=1), tell(thing, fatal=2)]
    with in_network(alder):
        half_way = Notification.objects.count()
    finished = [tell(thing), tell(thing)]

    assert killed == [-signal.SIGKILL] * 3
    assert finished == [0, 0]
    assert half_way == 1_000
    with in_network(alder):
        assert News.objects.count() == 1
        assert Counter(Notification.objects.values_list("member_id", flat=True)) == Counter(each.id for each in crowd)
        mail = Message.objects.filter(kind="news.reply")
        assert Counter(mail.values_list("to_address", flat=True)) == Counter(each.email for each in crowd)
        wanted = {str(pk) for pk in mail.values_list("id", flat=True)}
    jobs = [row.args_kwargs["kwargs"]["message_id"] for row in DBTaskResult.objects.all()]
    assert (len(jobs), set(jobs)) == (CROWD, wanted)
    crowd_ids = [each.account_id for each in crowd]
    assert set(NetworkAccess.objects.filter(account_id__in=crowd_ids).values_list("unseen", flat=True)) == {1}
