"""A member reports a reply, a moderator hides it with a reason, its author appeals, another shows it again."""

import pytest

from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenants.context import in_network
from tenants.models import Network
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member
from tests.journeys.visitors import PASSWORD, Visitor, last_mail, link_in, run_jobs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SAID = "Anybody who pays that much is a fool, and I could name two of you."


@pytest.fixture
def people(alder: Network) -> dict[str, Member]:
    names = {
        "reader": ("Rita Dunn", Role.MEMBER),
        "author": ("Ada Pell", Role.MEMBER),
        "moderator": ("Moira Lane", Role.MODERATOR),
        "owner": ("Olu Bright", Role.OWNER),
    }
    return {
        who: make_member(alder, name=name, role=role, password=PASSWORD, school="Moor End Primary School")
        for who, (name, role) in names.items()
    }


@pytest.fixture
def asked(alder: Network, people: dict[str, Member]) -> Discussion:
    with in_network(alder):
        discussion = make_discussion(people["reader"], title="What do you pay for grounds maintenance?")
        discussions.post_reply(discussion, body=SAID, by=people["author"])
        return discussion


def signed_in(visitor: Visitor, member: Member) -> Visitor:
    visitor.sign_in("alder", member.email)
    return visitor


def report(reader: Visitor, asked: Discussion) -> None:
    reader.go("alder", f"/discussions/{asked.id}/")
    reader.follow("Report the Reply by Ada Pell")
    reader.press("Report reply")
    reader.is_refused("Choose what is wrong with it")
    reader.check_page()
    reader.page.get_by_label("It is rude or an attack on somebody").check()
    reader.page.get_by_label("Anything the moderators should know").fill("It is about Jan and me.")
    reader.press("Report reply")
    reader.sees("Reported. The moderators look at it")


def hide(moderator: Visitor) -> None:
    moderator.page.get_by_role("navigation").get_by_role("link", name="Moderation").first.click()
    moderator.sees("Reply to What do you pay for grounds maintenance?")
    moderator.check_page()
    moderator.follow("Reply to What do you pay")
    moderator.sees("It is about Jan and me.")
    moderator.check_page()
    moderator.page.get_by_label("Hide it").check()
    moderator.page.get_by_label("Why?").fill("It attacks colleagues. Say what you pay instead.")
    moderator.page.get_by_role("button", name="Decide", exact=True).click()
    moderator.sees("Hidden. The author and who reported it are told.")


def appeal(author: Visitor, link: str) -> None:
    author.page.goto(link)
    author.sees("It attacks colleagues.")
    author.does_not_see("Rita Dunn")
    author.check_page()
    author.page.get_by_label("Why do you think it is wrong?").fill("It was meant as a joke among friends.")
    author.press("Appeal")
    author.sees("Your appeal is with the moderators.")
    author.go("alder", "/moderation/")
    author.check_page()


def grant(owner: Visitor) -> None:
    owner.go("alder", "/manage/moderation/?show=appeals")
    owner.follow("Reply to What do you pay")
    owner.follow("Decide appeal")
    owner.sees("It was meant as a joke among friends.")
    owner.check_page()
    owner.page.get_by_label("Take back what was done").check()
    owner.page.get_by_label("Why?").fill("They have made it up.")
    owner.press("Decide appeal")
    owner.sees("Decided. The author and who acted are told.")
    owner.check_page()
    owner.go("alder", "/manage/moderation/log/")
    owner.sees("Shown again")
    owner.check_page()


def test_a_report_is_decided_appealed_and_taken_back(person, alder: Network, people, asked) -> None:
    reader = signed_in(person(), people["reader"])
    report(reader, asked)
    run_jobs()
    assert "/manage/moderation/" in link_in(last_mail(people["moderator"].email, alder), "/manage/")

    hide(signed_in(person(), people["moderator"]))
    reader.go("alder", f"/discussions/{asked.id}/")
    reader.does_not_see(SAID)
    reader.go("alder", "/moderation/")
    reader.sees("The moderators have hidden it.")
    reader.check_page()

    appeal(signed_in(person(), people["author"]), link_in(last_mail(people["author"].email, alder), "/moderation/"))
    grant(signed_in(person(), people["owner"]))
    reader.go("alder", f"/discussions/{asked.id}/")
    reader.sees(SAID)
