"""An organiser uploads a mailing list, looks at what would happen, brings it in and takes it out again."""

import pytest

from tenant_apps.discussions import services
from tenant_apps.members.enums import Role
from tenants.context import in_network
from tenants.models import Network
from tests.builders.mailing_lists import MailingList, message
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD, run_jobs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_mailing_list_comes_and_goes(person, alder: Network, tmp_path) -> None:
    with in_network(alder):
        services.seed_categories()
    owner = make_member(alder, name="Olu Bright", role=Role.OWNER, password=PASSWORD)
    file = tmp_path / "sbm.mbox"
    file.write_bytes(MailingList().write(60) + message(text="", message_id="<empty@x>"))
    olu = person()
    olu.sign_in("alder", owner.email)

    olu.go("alder", "/manage/archives/")
    olu.check_page()
    olu.page.get_by_label("The archive", exact=True).set_input_files(file)
    olu.page.get_by_label("Category", exact=True).select_option("Energy")
    olu.press("Upload and look")
    olu.sees("Being read")
    olu.check_page()

    run_jobs()
    olu.follow("Look again")
    olu.sees("Written from")
    olu.check_page()
    olu.press("Bring it in")
    run_jobs()
    olu.follow("Look again")
    olu.sees("Brought in")
    olu.check_page()
    olu.follow("Open Energy")
    olu.sees("Fire doors (5)")
    olu.check_page()

    olu.go("alder", "/manage/archives/")
    olu.check_page()
    olu.follow("Look at sbm.mbox")
    olu.follow("Take it out again")
    olu.check_page()
    olu.press("Take it out")
    run_jobs()
    olu.follow("Look again")
    olu.sees("What this archive brought is gone.")
    olu.check_page()
