"""Figures are counted where they belong, in the transaction of what they count, and read for all networks at once."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from shared_apps.monitoring import selectors, services
from shared_apps.monitoring.enums import MailOutcome
from shared_apps.monitoring.models import NetworkDay, NetworkSize
from tenants.context import in_network


def counted() -> list[tuple]:
    rows = NetworkDay.objects.order_by("network__subdomain")
    return list(rows.values_list("network__subdomain", "mail_sent", "mail_bounced", "was_used"))


def test_count_mail_counts_for_the_network_it_is_in(alder, birch):
    services.count_mail(MailOutcome.SENT)
    for network, times in ((alder, 2), (birch, 1)):
        with in_network(network):
            for _ in range(times):
                services.count_mail(MailOutcome.SENT)
    with in_network(birch):
        services.count_mail(MailOutcome.BOUNCED)
        services.note_use()

    assert counted() == [("alder", 2, 0, False), ("birch", 1, 1, True), (None, 1, 0, False)]


def test_count_mail_is_undone_with_its_transaction(in_alder):
    with transaction.atomic():
        services.count_mail(MailOutcome.SENT)
        transaction.set_rollback(True)

    assert counted() == []


def test_count_mail_takes_one_statement_after_the_days_first(in_alder, django_assert_num_queries):
    services.count_mail(MailOutcome.SENT)

    with django_assert_num_queries(1):
        services.count_mail(MailOutcome.SENT)


def test_measure_knows_the_tables_of_this_network_alone(alder, birch):
    for network, size in ((alder, 5), (birch, 7)):
        with in_network(network):
            services.measure(file_bytes=size, now=timezone.now())
            services.measure(file_bytes=size + 1, now=timezone.now())

    sizes = {each.name: each for each in selectors.largest_networks(5)}
    assert {name: each.file_bytes for name, each in sizes.items()} == {alder.name: 6, birch.name: 8}
    assert all(each.table_bytes > 100_000 for each in sizes.values())
    assert selectors.total_size() == (14, sum(each.table_bytes for each in sizes.values()))


def test_prune_days_keeps_a_year(alder):
    today = timezone.localdate()
    for days in (0, 400, 401):
        NetworkDay.objects.create(network=alder, day=today - timedelta(days=days))

    assert services.prune_days(today) == 1


def test_worst_reputations_are_complaints_first_and_the_good_are_not_named(alder, birch):
    today = timezone.localdate()
    NetworkDay.objects.create(network=alder, day=today, mail_sent=200, mail_bounced=9)
    NetworkDay.objects.create(network=birch, day=today, mail_sent=40)
    NetworkDay.objects.create(network=birch, day=today - timedelta(days=27), mail_sent=10, mail_complained=1)
    NetworkDay.objects.create(network=birch, day=today - timedelta(days=28), mail_sent=500, mail_bounced=500)
    NetworkDay.objects.create(day=today, mail_bounced=99)

    found = selectors.worst_reputations(today, days=28, limit=5)

    assert [(r.name, r.sent, r.bounced, r.complained) for r in found] == [
        (birch.name, 50, 0, 1),
        (alder.name, 200, 9, 0),
    ]
    assert [r.share_bounced for r in found] == [0, 4.5]


def test_used_networks_has_every_day(alder, birch):
    today = timezone.localdate()
    for network, days in ((alder, 0), (birch, 0), (alder, 2), (alder, 4)):
        NetworkDay.objects.create(network=network, day=today - timedelta(days=days), was_used=True)

    assert [count for _, count in selectors.used_networks(today, days=4)] == [0, 1, 0, 2]


def test_figures_go_with_their_network(alder):
    with in_network(alder):
        services.note_use()
        services.measure(file_bytes=1, now=timezone.now())

    alder.delete()

    assert not NetworkDay.objects.exists()
    assert not NetworkSize.objects.exists()
