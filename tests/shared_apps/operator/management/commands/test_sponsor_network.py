"""`manage.py sponsor_network`: who pays, and what becomes of a card."""

import pytest
from django.core.management import CommandError, call_command

from shared_apps.audit.services import Actor
from shared_apps.billing import selectors, services
from shared_apps.billing.models import Subscription
from tests.till import day

CARD_PAYS = "Say when that ends, so that nothing is paid twice. Give --end-card now or --end-card period."


def test_a_sponsor_takes_the_place_of_a_card_and_goes_again(till, alder, capsys):
    till.customer(alder)
    Subscription.objects.filter(network=alder).update(trial_ends_at=day(0))
    subscription = selectors.subscription_of(alder)
    said = {"email": "o@alder.example", "back_to": "http://alder.test/", "now": day(0), "by": Actor.system("command")}
    till.pay_by_card(services.start_card(subscription, plan=subscription.plan, period="year", **said))
    given = ("sponsor_network", "alder", "--by", "A trust", "--until", "2029-08-31")

    with pytest.raises(CommandError, match=CARD_PAYS):
        call_command(*given)
    call_command(*given, "--dry-run")
    before = selectors.subscription_of(alder).sponsor
    call_command(*given, "--end-card", "period")
    sponsor = selectors.subscription_of(alder).sponsor
    call_command("sponsor_network", "alder", "--end")

    deal = till.stand_in.v1.subscriptions.list({"customer": selectors.subscription_of(alder).stripe_customer}).data[0]
    assert (before, sponsor, selectors.subscription_of(alder).sponsor) == ("", "A trust", "")
    assert deal.cancel_at_period_end
    assert capsys.readouterr().out.splitlines() == [
        "A card pays for it: --end-card says when that ends.",
        "A trust pays for Alder SBM Network until 2029-08-31.",
        "Nobody else pays for Alder SBM Network.",
    ]
    with pytest.raises(CommandError, match="Give --by and --until, or --end"):
        call_command("sponsor_network", "alder")
