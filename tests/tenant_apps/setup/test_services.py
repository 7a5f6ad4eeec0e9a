"""Examples come and go, tell nobody and never leave; what is left to do is worked out from how the network stands."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate
from django_tasks_db.models import DBTaskResult

from collective.publications.enums import Identity
from shared_apps.audit.models import Event
from shared_apps.billing import services as billing
from shared_apps.billing.enums import State
from shared_apps.billing.models import Subscription
from shared_apps.core.when import short_day
from tenant_apps.discussions import selectors as discussed
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Category, Discussion, Reply
from tenant_apps.home.selectors import front
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import count_members, directory
from tenant_apps.members.services import update_branding, update_profile
from tenant_apps.moderation import services as moderation
from tenant_apps.moderation.enums import ActKind
from tenant_apps.moderation.models import Case
from tenant_apps.notifications.models import News
from tenant_apps.search.models import SearchEntry
from tenant_apps.setup import selectors, services
from tenant_apps.setup.examples import DISCUSSIONS, SUPPLIERS
from tenant_apps.setup.models import Checklist
from tenant_apps.sharing import services as sharing
from tenant_apps.suppliers import selectors as supplied
from tenant_apps.suppliers import services as suppliers
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier
from tenants.context import in_network
from tenants.models import Network
from tests.builders.discussions import share
from tests.builders.members import client_of, make_member
from tests.builders.suppliers import SAID, make_note

TITLES = {each.title for each in DISCUSSIONS}
NAMES = {each.name for each in SUPPLIERS}


@pytest.fixture
def owner(in_alder: Network) -> Member:
    return make_member(in_alder, name="Olu Owner", role=Role.OWNER, days_here=30)  # as in a network that was restored


@pytest.fixture
def examples(owner: Member) -> None:
    services.add_examples(by=owner)


def jobs_waiting() -> list[str]:
    """Return what would tell somebody something."""
    found = DBTaskResult.objects.filter(status="READY").values_list("task_path", flat=True)
    return [each for each in found if "tell" in each]


def rows() -> dict[str, int]:
    """Count what examples are made of."""
    models = (Discussion, Reply, Supplier, Recommendation, ServiceNote, Member, SearchEntry, News)
    return {model.__name__: model.objects.count() for model in models}


# Adding


def test_every_example_says_that_it_is_one():
    titles = [*TITLES, *NAMES]

    assert [each for each in titles if not each.startswith("Example: ")] == []
    assert [each.title for each in DISCUSSIONS if "This is an example" not in each.body] == []
    assert [said.text for each in SUPPLIERS for said in each.said if "This is an example" not in said.text] == []


def test_examples_are_there_and_told_nobody(owner: Member, examples: None):
    assert {each.title for each in discussed.discussions(owner)} == TITLES
    assert {each.name for each in supplied.suppliers()} == NAMES
    assert selectors.examples_here().titles == [*sorted(TITLES), *sorted(NAMES)]
    assert SearchEntry.objects.count() == len(TITLES) + len(NAMES)
    assert (News.objects.count(), jobs_waiting()) == (0, [])
    assert list(Event.objects.filter(name__startswith="setup.").values_list("name", flat=True)) == [
        "setup.examples.added"
    ]


def test_examples_are_in_no_figures(owner: Member, examples: None):
    shown = front(owner)

    assert (shown.unread_count, shown.unanswered_count, shown.member_count) == (0, 0, 1)
    assert shown.unanswered == []
    assert [each.name for each in directory()] == ["Olu Owner"]
    assert count_members() == 1


def test_examples_stand_in_a_networks_own_categories(owner: Member):
    Category.objects.exclude(name="Insurance").update(is_archived=True)

    services.add_examples(by=owner)

    assert set(Discussion.objects.values_list("category__name", flat=True)) == {"Insurance"}


def test_examples_are_added_once(owner: Member, examples: None):
    with pytest.raises(services.SetupError, match="already"):
        services.add_examples(by=owner)

    assert Discussion.objects.count() == len(TITLES)


def test_only_owners_add_and_remove(in_alder: Network, owner: Member, examples: None):
    helen = make_member(in_alder, role=Role.ORGANISER)

    for act in (
        lambda: services.add_examples(by=helen),
        lambda: services.remove_examples(with_members=True, by=helen),
        lambda: services.hide_checklist(is_hidden=True, by=helen),
    ):
        with pytest.raises(PermissionDenied, match="Olu Owner can help"):
            act()


# They never leave


def test_examples_cannot_be_shared_by_anybody(owner: Member, examples: None):
    for discussion in discussed.examples():
        for by in (owner, discussion.author):
            with pytest.raises(sharing.NothingToShareError):
                share(discussion, by)
    mine = suppliers.recommend(Supplier.objects.get(), **SAID, by=owner)
    with pytest.raises(sharing.NothingToShareError):
        sharing.share_item("recommendation", mine.id, sharing.Choice(identity=Identity.NAMED), by=owner)


def test_what_members_say_in_an_example_tells_nobody(in_alder: Network, owner: Member, examples: None):
    make_member(in_alder, name="Priya Raman")
    example = discussed.examples()[0]

    discussions.tell_of_reply(discussions.post_reply(example, body="Trying this out, @Priya Raman.", by=owner).id)

    assert News.objects.count() == 0


def test_an_example_is_not_merged_split_or_made_something_else(in_alder: Network, owner: Member, examples: None):
    example, real = discussed.examples()[0], discussions.start_discussion(title="Real", body="Real", by=owner)

    for pair in ((example, real), (real, example)):
        with pytest.raises(discussions.DiscussionError, match="an example"):
            discussions.merge_discussions(*pair, by=owner)
    with pytest.raises(discussions.DiscussionError, match="an example"):
        discussions.split_discussion(example, [example.replies.first().id], title="Split", by=owner)
    supplier = Supplier.objects.get()
    categories = list(supplier.categories.all())
    with pytest.raises(suppliers.NotAllowedError, match="an example"):
        suppliers.edit_supplier(supplier, name="Real", website="", description="", categories=categories, by=owner)


# Removing


def test_removed_examples_leave_nothing(owner: Member):
    before = rows()
    services.add_examples(by=owner)

    kept = services.remove_examples(with_members=False, by=owner)

    assert (kept, rows()) == (0, before)
    with pytest.raises(services.SetupError, match="There are no examples"):
        services.remove_examples(with_members=False, by=owner)


def test_what_members_said_in_keeps_an_example_unless_owners_say_otherwise(owner: Member):
    before = rows()
    services.add_examples(by=owner)
    example, supplier = discussed.examples()[0], Supplier.objects.get()
    reply = discussions.post_reply(example, body="Ours was cheaper.", by=owner)
    make_note(supplier, owner)

    kept = services.remove_examples(with_members=False, by=owner)

    assert (kept, selectors.examples_here().used) == (2, [example.title, supplier.name])
    assert list(Discussion.objects.values_list("id", flat=True)) == [example.id]
    assert reply in Reply.objects.all()
    assert services.remove_examples(with_members=True, by=owner) == 0
    assert rows() == before


def test_examples_that_a_moderator_hid_are_removed_and_come_back(in_alder: Network, owner: Member, examples: None):
    priya, author = make_member(in_alder), discussed.examples()[0].author
    moderation.report("discussion", discussed.examples()[0].id, reason="rude", words="Really?", by=priya)
    case = Case.objects.get()
    moderation.decide(case, kind=ActKind.HIDDEN, reason="Not kind.", by=owner)

    assert services.remove_examples(with_members=False, by=owner) == 0

    assert list(Member.objects.filter(state="listed")) == [author]  # of whom the log of moderation speaks
    services.add_examples(by=owner)
    assert Discussion.objects.filter(author=author, hidden_at=None).exists()


def test_examples_of_another_network_stay(birch: Network, owner: Member, examples: None):
    with in_network(birch):
        services.add_examples(by=make_member(birch, role=Role.OWNER))

    services.remove_examples(with_members=True, by=owner)

    assert Discussion.objects.count() == 0
    with in_network(birch):
        assert Discussion.objects.count() == len(TITLES)


# The list


def done(member: Member, network: Network) -> set[str]:
    return {task.key for task in selectors.tasks_of(member, network, hidden_too=True) if task.done}


def test_tasks_are_done_when_the_network_shows_it(in_alder: Network, owner: Member):
    assert done(owner, in_alder) == set()

    category = Category.objects.first()
    discussions.save_category(name="Premises", category=category, by=owner)
    sharing.update_policy(approval_required=False, kept_categories=[], blocked_networks=[], by=owner)
    update_branding(colour="#00696b", tagline="", welcome="", by=owner)
    discussions.start_discussion(title="The first", body="One", by=owner)
    update_profile(owner, name=owner.name, ask_me_about="boilers", by=owner)
    make_member(in_alder, name="Helen Marsh", role=Role.ORGANISER)
    for name in ("Priya Raman", "Martin Webb", "Dawn Okafor"):
        make_member(in_alder, name=name)

    assert done(owner, in_alder) == {
        *("members", "branding", "categories", "policy", "organiser", "discussion", "profile")
    }
    billing.begin_trial(in_alder)
    Subscription.objects.update(state=State.ACTIVE)
    page = client_of(owner, in_alder).get("/").content.decode()
    assert [page.count(words) for words in ("Write to the network by email", "Set up your second step")] == [1, 1]
    assert ">Done<" not in page  # two are left, and nothing that is done takes the place of a third


def test_a_trial_that_ran_out_is_no_plan(in_alder: Network, owner: Member):
    billing.begin_trial(in_alder)
    subscription = Subscription.objects.get(network=in_alder)

    def plan() -> tuple[bool, str]:
        return next((each.done, each.state) for each in selectors.tasks_of(owner, in_alder) if each.key == "plan")

    assert plan() == (False, f"Free until {short_day(localdate(subscription.trial_ends_at), localdate())}")
    Subscription.objects.update(state=State.READ_ONLY, trial_ends_at=subscription.created_at)
    assert plan() == (False, "Read-only")
    Subscription.objects.update(sponsor="Alder Trust", sponsored_until=subscription.created_at + timedelta(seconds=1))
    assert plan()[0]


def test_examples_are_no_first_discussion_and_their_removal_is_a_task(in_alder: Network, owner: Member, examples):
    tasks = {task.key: task.done for task in selectors.tasks_of(owner, in_alder)}

    assert (tasks["discussion"], tasks["examples"]) == (False, False)
    services.remove_examples(with_members=False, by=owner)
    assert "examples" not in {task.key for task in selectors.tasks_of(owner, in_alder)}  # it never began with any
    in_alder.begins_with_examples = True
    assert "examples" in done(owner, in_alder)


def test_organisers_have_the_tasks_they_can_do_and_members_none(in_alder: Network, owner: Member):
    helen, priya = make_member(in_alder, name="Helen Marsh", role=Role.ORGANISER), make_member(in_alder)

    keys = {task.key for task in selectors.tasks_of(helen, in_alder)}

    assert {task.key for task in selectors.tasks_of(owner, in_alder)} - keys == {"second-step", "plan"}
    assert selectors.tasks_of(priya, in_alder) == []


def test_list_is_put_away_and_comes_back(in_alder: Network, owner: Member):
    services.hide_checklist(is_hidden=True, by=owner)
    services.hide_checklist(is_hidden=True, by=owner)

    assert selectors.tasks_of(owner, in_alder) == []
    services.hide_checklist(is_hidden=False, by=owner)
    assert selectors.tasks_of(owner, in_alder)
    assert Checklist.objects.count() == 1
    assert Event.objects.filter(name="setup.checklist.hidden").count() == 2


def test_a_network_that_waits_for_this_release_has_no_list(in_alder: Network, owner: Member):
    in_alder.release = "an earlier one"

    assert selectors.tasks_of(owner, in_alder) == []
