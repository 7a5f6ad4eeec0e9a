"""People come in from an archive with a few statements, however many they are."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.enums import AccessState
from shared_apps.accounts.models import NetworkAccess, User
from shared_apps.accounts.services import take_in_people
from tenants.ids import random_id
from tests.builders.accounts import make_account

ACCESS = {
    "display_name": "Priya Raman",
    "display_job": "Bursar",
    "display_school": "Ladywood",
    "display_phase": "Primary",
    "reads_only_until": "2031-01-01T00:00:00+00:00",
    "needs_second_step": True,
    "is_active": True,
}


def person(number: int, **more: Any) -> dict[str, Any]:
    email = f"person{number}@school.example"
    return {"account_id": str(random_id()), "email": email, "name": f"P{number}", "access": dict(ACCESS)} | more


def test_people_are_joined_by_id_or_address_and_made_where_there_is_none(birch):
    known = make_account(birch, email="known@school.example", name="Kay Known")
    by_id = person(1, account_id=str(known.pk), email="other@school.example")
    by_address = make_account(birch, email="address@school.example", name="Ada Address")
    joined = person(2, email="Address@School.example")
    new, gone = person(3), person(4, access=ACCESS | {"is_active": False}, name="")
    outside = person(5, access=None)

    found = take_in_people(birch, [by_id, joined, new, gone, outside])

    made = User.objects.get(email="person3@school.example")
    assert [str(each) for each in found] == [each["account_id"] for each in (by_id, joined, new, gone, outside)]
    assert list(found.values())[:3] == [known.pk, by_address.pk, made.pk]
    assert not made.has_usable_password()
    assert not EmailAddress.objects.get(user=made).verified
    access = NetworkAccess.objects.get(account=made, network=birch)
    assert (access.display_school, access.reads_only_until.year, access.needs_second_step) == ("Ladywood", 2031, True)
    states = dict(NetworkAccess.objects.filter(network=birch).values_list("account__email", "state"))
    assert states["person4@school.example"] == AccessState.ENDED
    assert "person5@school.example" not in states
    assert User.objects.filter(email="person5@school.example").exists()


def test_more_people_cost_no_more_statements(birch):
    costs = []
    for number in (1, 60):
        with CaptureQueriesContext(connection) as captured:
            take_in_people(birch, [person(number * 1000 + each) for each in range(number)])
        costs.append(len(captured))

    assert costs[0] == costs[1]
