"""An import of the register reaches the copies in every live network, and what other networks see of a member."""

from datetime import date

import pytest

from shared_apps.accounts.models import NetworkAccess
from shared_apps.jobs.worker import Worker
from shared_apps.schools.models import School
from shared_apps.schools.signals import register_imported
from tenant_apps.members import services
from tenant_apps.members.models import Member, Posting
from tenant_apps.members.services import SchoolFacts
from tenants import services as tenants
from tenants.context import in_network
from tests.builders.members import make_member
from tests.builders.schools import make_school


@pytest.fixture
def school(db):
    return make_school("Oak Primary School")


def renamed(school: School) -> None:
    School.objects.filter(id=school.id).update(name="Oak Academy", phase_name="Secondary", pupils=777)
    register_imported.send(sender=None, changed_ids=[school.id])
    Worker().drain()


def test_postings_follow_the_register_in_every_live_network(alder, birch, school):
    for network in (alder, birch):
        make_member(network, school=SchoolFacts.of(school))

    renamed(school)

    for network in (alder, birch):
        with in_network(network):
            posting = Posting.objects.get()
            assert (posting.school_name, posting.phase, posting.pupils) == ("Oak Academy", "Secondary", 777)
            assert Member.objects.get(id=posting.member_id).school_name == "Oak Academy"


def test_a_suspended_network_is_left_alone(alder, school):
    make_member(alder, school=SchoolFacts.of(school))
    tenants.suspend_network(alder)

    renamed(school)

    with in_network(alder):
        assert Posting.objects.get().school_name == "Oak Primary School"


def test_an_ended_posting_keeps_the_name_it_had(alder, school):
    member = make_member(alder, school=SchoolFacts.of(school))
    with in_network(alder):
        services.end_posting(Posting.objects.get(), last_day=date(2026, 8, 31), by=member)

    renamed(school)

    with in_network(alder):
        assert Posting.objects.get().school_name == "Oak Primary School"
        assert services.refresh_schools() == 0


def test_other_networks_see_the_present_job(alder, school):
    member = make_member(alder, school=SchoolFacts.of(school), job_title="Bursar")

    renamed(school)

    access = NetworkAccess.objects.get(account_id=member.account_id, network=alder)
    assert (access.display_job, access.display_school, access.display_phase) == ("Bursar", "Oak Academy", "Secondary")
