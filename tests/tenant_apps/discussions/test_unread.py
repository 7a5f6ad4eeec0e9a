"""What is new to a member is worked out twice: in SQL for the list of the unread, in Python for each row."""

from datetime import timedelta

from django.utils import timezone

from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Discussion
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member


def test_unread_python_and_sql_agree(in_alder):
    asker, reader = make_member(in_alder), make_member(in_alder, name="Dawn Okafor")
    names = ("before joining", "never opened", "seen", "new reply", "seen without replies")
    made = {name: make_discussion(asker, title=name) for name in names}
    earlier = timezone.now() - timedelta(days=400)
    Discussion.objects.filter(title="before joining").update(last_activity_at=earlier)
    for name in ("never opened", "seen", "new reply"):
        services.post_reply(made[name], body="Ours does.", by=asker)
    for name in ("seen", "new reply", "seen without replies"):
        services.mark_read(made[name], member=reader)
    services.post_reply(made["new reply"], body="And ours.", by=asker)

    everything = list(selectors.discussions(reader))
    unread = selectors.discussions(reader, show="unread")

    expected = {"never opened": 1, "new reply": 1}
    assert {each.title: each.new_count for each in everything if each.is_unread} == expected
    assert {each.title for each in unread} == set(expected)
    assert unread.count() == 2
    assert everything[0].is_unread == selectors.get_discussion(everything[0].id, reader).is_unread
