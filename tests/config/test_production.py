"""A production server does not start where the demo's passwords, which are public, let anybody in."""

import pytest

from config.production import DemoSignInsError, forget_owner, refuse_demo_sign_ins
from shared_apps.accounts.models import User


@pytest.mark.parametrize("email", ["operator@example.org", "member@birmingham.example", "organiser@kent.example"])
def test_refuse_demo_sign_ins_refuses_each_of_them(email, db):
    User.objects.create(email=email)

    with pytest.raises(DemoSignInsError):
        refuse_demo_sign_ins(debug=False)


def test_refuse_demo_sign_ins_lets_development_be(db):
    User.objects.create(email="operator@example.org")

    refuse_demo_sign_ins(debug=True)


@pytest.mark.parametrize("email", ["head@school.sch.uk", "someone@example.org", "jo@myexample"])
def test_refuse_demo_sign_ins_lets_real_people_be(email, db):
    User.objects.all().delete()
    User.objects.create(email=email)

    refuse_demo_sign_ins(debug=False)


def test_refuse_demo_sign_ins_passes_over_those_that_were_closed(db):
    User.objects.all().delete()
    User.objects.create(email="operator@example.org", is_active=False)

    refuse_demo_sign_ins(debug=False)


def test_forget_owner_lets_go_of_it_and_says_so_once(settings, caplog):
    settings.DATABASE_OWNER = {"USER": "owner"}

    forget_owner()
    forget_owner()

    assert settings.DATABASE_OWNER is None
    assert [record.getMessage()[:46] for record in caplog.records] == ["A web server needs no DATABASE_OWNER_URL: give"]
