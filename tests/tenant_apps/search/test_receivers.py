"""Every write tells the index: after anything that members and organisers do, it is what making it anew gives."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from shared_apps.audit.services import Actor
from tenant_apps.discussions import selectors
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.enums import SHARE_KIND
from tenant_apps.discussions.importing.plan import make_plan
from tenant_apps.discussions.models import Archive, Category, Discussion, Reply, Tag
from tenant_apps.files import services as files
from tenant_apps.files.models import StoredFile
from tenant_apps.members import services as members
from tenant_apps.members.models import Member
from tenant_apps.members.services.profiles import SchoolFacts
from tenant_apps.search import services
from tenant_apps.search.models import SearchEntry
from tenant_apps.search.selectors import find
from tenant_apps.sharing import services as sharing
from tenant_apps.suppliers import services as suppliers
from tenants.context import in_network
from tenants.models import Network
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.files import pdf
from tests.builders.mailing_lists import PEOPLE, message
from tests.builders.members import make_member
from tests.builders.suppliers import make_recommendation, make_supplier

COMPARED = ("id", "title", "body", "extra_text", "kind", "category_id", "author_id", "is_answered", "tokens", "length")


def drift() -> list[object]:
    """Return what making the index anew changes: entries, and the number of figures that were wrong."""
    before = set(map(str, SearchEntry.objects.values_list(*COMPARED)))
    wrong = services.index.rebuild_statistics(model=SearchEntry)
    services.rebuild()
    changed = before ^ set(map(str, SearchEntry.objects.values_list(*COMPARED)))
    return [*sorted(changed), *([f"{wrong} figures"] if wrong else [])]


def found(query: str) -> list[str]:
    return [result.hit.entry.title for result in find(query).results]


@pytest.fixture
def owner(alder: Network) -> Member:
    return make_member(alder, name="Helen Marsh", role="owner", school="Ladywood School")


def bring(*messages: bytes) -> Archive:
    file = io.BytesIO(b"".join(messages))
    plan = make_plan(file, known=selectors.archived_in, now=timezone.now())
    into = Category.objects.earliest("id")
    return discussions.bring_planned(plan, file, name="sbm.mbox", category=into, by=Actor.system("test"))


def test_renaming_and_removing_a_tag_moves_what_carries_it(in_alder, owner) -> None:
    for title in ("Zeppelin hire", "Airship upkeep"):
        discussions.start_discussion(title=title, body="Who?", tags=["ballast"], by=owner)

    discussions.rename_tag(Tag.objects.get(), name="Mooring", by=owner)
    assert (found("ballast"), sorted(found("mooring"))) == ([], ["Airship upkeep", "Zeppelin hire"])

    discussions.remove_tag(Tag.objects.get(), by=owner)
    assert (found("mooring"), drift()) == ([], [])


def test_a_file_that_is_removed_is_found_no_more(in_alder, owner) -> None:
    discussion = make_discussion(owner, title="Zeppelin hire")
    file = files.attach("harbour-tariff.pdf", pdf(), kind="discussion", object_id=discussion.id, by=owner)
    assert found("tariff") == ["Zeppelin hire"]

    files.remove_file(file, by=owner)

    assert (found("tariff"), drift()) == ([], [])


def test_files_attached_together_are_indexed_once(in_alder, owner, monkeypatch) -> None:
    discussion, indexed = make_discussion(owner, title="Zeppelin hire"), []
    monkeypatch.setattr(services, "bring_up_to_date", lambda ids, **_: indexed.append(ids))
    prepared = [files.prepare(f"tariff-{number}.pdf", pdf()) for number in range(3)]

    files.attach_prepared(prepared, kind="discussion", object_id=discussion.id, by=owner)

    assert indexed == [[discussion.id]]


def test_taking_an_archive_out_takes_its_words_out_at_once(in_alder, owner) -> None:
    opening = message(message_id="<1@x>", subject="Boiler", text="Who replaces boilers?")
    answer = message(
        message_id="<2@x>", subject="Re: Boiler", sender=PEOPLE[1], references=["<1@x>"], text="Ask the aerodrome."
    )
    first = bring(opening)
    later = bring(opening, answer)
    assert (found("boilers"), found("aerodrome"), drift()) == (["Boiler"], ["Boiler"], [])

    discussions.start_undoing(later, by=owner)
    discussions.undo_archive(later.id)
    assert (found("aerodrome"), found("boilers"), drift()) == ([], ["Boiler"], [])

    discussions.start_undoing(first, by=owner)
    discussions.undo_archive(first.id)
    assert (found("boilers"), drift()) == ([], [])


def _writing(priya: Member, tom: Member, owner: Member) -> None:
    boat = make_discussion(priya, title="Zeppelin hire", body="A **wicker** basket.")
    discussions.edit_discussion(boat, title="Airship hire", body="Of wicker.", tags=["ballast"], by=priya)
    reply = discussions.post_reply(boat, body="Ask the aerodrome.", by=tom)
    discussions.edit_reply(reply, body="Ask the harbour.", by=tom)
    discussions.mark_reply(boat, reply.id, is_answer=True, by=priya)
    discussions.post_reply(boat, body="Thank you.", by=owner)
    talk = make_discussion(tom, title="Summer fete", kind="discussion")
    discussions.add_poll(talk, discussions.PollFacts(question="When?", options=["June", "July"]), by=tom)
    discussions.find_helpful(boat, reply, is_helpful=True, by=priya)


def _moderating(priya: Member, tom: Member, owner: Member) -> None:
    boat = Discussion.objects.get(title="Airship hire")
    reply = Reply.objects.get(body="Ask the harbour.")
    discussions.hide_reply(reply, reason="Off the subject", by=owner)
    discussions.hide_discussion(boat, reason="Off the subject", by=owner)
    discussions.show_discussion(boat, by=owner)
    discussions.show_reply(reply, by=owner)
    discussions.lock_discussion(boat, is_locked=True, by=owner)
    discussions.pin_discussion(boat, is_pinned=True, by=owner)
    discussions.move_discussion(boat, category=Category.objects.order_by("-id").first(), by=owner)


def _reshaping(priya: Member, tom: Member, owner: Member) -> None:
    long = make_discussion(priya, title="Everything at once", body="Where to begin?")
    replies = [discussions.post_reply(long, body=f"Thought {word}.", by=tom) for word in ("ochre", "umber", "sienna")]
    files.attach("palette.pdf", pdf(), kind="reply", object_id=replies[1].id, by=tom)
    made = discussions.split_discussion(long, [replies[1].id], title="Umber alone", by=owner)
    other = make_discussion(tom, title="Umber again")
    discussions.merge_discussions(other, made, by=owner)
    discussions.unmerge_discussion(Discussion.objects.get(id=other.id), by=owner)
    discussions.merge_discussions(Discussion.objects.get(id=other.id), made, by=owner)
    files.remove_file(StoredFile.objects.get(name="palette.pdf"), by=owner)


def _without_a_name(priya: Member, tom: Member, owner: Member) -> None:
    category = Category.objects.earliest("id")
    Category.objects.filter(id=category.id).update(allows_anonymous=True)
    category.refresh_from_db()
    asked = [
        discussions.start_discussion(title=title, body="What now?", category=category, is_anonymous=True, by=priya)
        for title in ("Grievance one", "Grievance two")
    ]
    discussions.approve_question(asked[0], by=owner)
    discussions.refuse_question(asked[1], reason="Names a child", by=owner)


def _buying(priya: Member, tom: Member, owner: Member) -> None:
    supplier = make_supplier(priya, name="Larder Lane", description="School meals")
    said = make_recommendation(supplier, priya, text="Their pudding is a marvel.")
    make_recommendation(supplier, tom, text="Cold peas.")
    suppliers.edit_recommendation(said, text="Their custard is a marvel.", by=priya)
    suppliers.hide_recommendation(said, by=owner)
    suppliers.show_recommendation(said, by=owner)
    suppliers.remove_recommendation(said, by=priya)
    suppliers.add_note(supplier, happened_on=date(2026, 1, 5), text="Late invoice.", by=priya)
    chosen = list(supplier.categories.all())
    suppliers.edit_supplier(supplier, name="Larder Road", website="", description="Meals", categories=chosen, by=priya)
    suppliers.hide_description(supplier, is_hidden=True, by=owner)
    suppliers.archive_supplier(make_supplier(tom, name="Gone Away"), is_archived=True, by=owner)


def _people(priya: Member, tom: Member, owner: Member) -> None:
    members.update_profile(priya, name="Priya R", phone="01632 960123", about="", ask_me_about="Peas", by=priya)
    hillside = SchoolFacts(name="Hillside School", town="Moseley")
    posting = members.add_posting(tom, school=hillside, job_title="Bursar", active_from=date(2025, 9, 1), by=tom)
    members.end_posting(posting, last_day=date(2026, 7, 1), by=tom)
    members.suspend_member(tom, until=None, by=owner)
    members.lift_suspension(tom, by=owner)
    members.remove_member(tom, by=owner)
    members.reinstate_member(tom, by=owner)
    members.remove_member(tom, by=owner)


@pytest.mark.parametrize(
    "act",
    [(_writing, _moderating), (_reshaping,), (_without_a_name,), (_buying,), (_people,)],
    ids=lambda acts: acts[-1].__name__.strip("_"),
)
def test_nothing_drifts(in_alder, priya, tom, owner, act: tuple[Callable, ...]) -> None:
    for each in act:
        each(priya, tom, owner)

    assert drift() == []
    assert found("Helen Marsh") == ["Helen Marsh"]


def test_nothing_drifts_when_a_question_goes_out_and_comes_home(alder, birch, priya, martin, owner) -> None:
    with in_network(alder):
        asked = share(make_discussion(priya, title="Zeppelin hire"), priya)
        reply = away_reply(asked, martin, birch)
        discussions.count_away_replies(asked)
        discussions.mark_reply(asked, reply.id, is_answer=True, by=priya)

        assert (drift(), found("circuit")) == ([], [])  # it is read in the Collective

        sharing.withdraw_item(SHARE_KIND, asked.id, by=priya)
        assert (drift(), found("circuit")) == ([], ["Zeppelin hire"])

        sharing.hide_away_reply(reply.id, is_hidden=True, by=owner)
        assert (drift(), found("circuit")) == ([], [])
        sharing.hide_away_reply(reply.id, is_hidden=False, by=owner)
        assert found("circuit") == ["Zeppelin hire"]

        sharing.remove_received_reply(reply.id, by=Actor.system("test"))
        assert (drift(), found("circuit")) == ([], [])
