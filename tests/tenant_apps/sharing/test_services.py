"""Sharing, following edits, withdrawing: all of it or nothing, and nothing that was not shared."""

import json
from datetime import date
from unittest.mock import patch
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.core import serializers
from django.db import connection, transaction

from collective.publications import services as publications
from collective.publications.drafts import Replier
from collective.publications.enums import Identity
from collective.publications.models import Origin, Publication, PublicationReply, ReturnedReply
from tenant_apps.discussions import selectors as discussions
from tenant_apps.discussions.models import Category
from tenant_apps.discussions.services import edit_discussion, mark_reply, post_reply, save_category, start_discussion
from tenant_apps.members.enums import Role
from tenant_apps.members.services import SchoolFacts, add_posting, remove_member, update_profile
from tenant_apps.sharing import services
from tenant_apps.sharing.enums import LedgerAction, ShareState
from tenant_apps.sharing.models import AppendOnlyError, LedgerEntry, ReceivedReply, SharedItem
from tenant_apps.sharing.rebuilding import find_drift
from tenant_apps.sharing.services import Choice, SharingRefusedError
from tenants.context import in_collective, in_network
from tenants.ids import new_id
from tenants.models import Network
from tenants.services import update_appearance
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import make_member

TODAY = date(2026, 9, 1)


def in_the_collective() -> str:
    """Return everything the collective schema holds, as text."""
    with in_collective(joining_transaction=True):
        rows = [*Publication.objects.all(), *PublicationReply.objects.all()]
        return serializers.serialize("json", rows, ensure_ascii=False).strip()


def the_publication() -> Publication:
    with in_collective(joining_transaction=True):
        return Publication.objects.get()


def ledger() -> list[str]:
    return list(LedgerEntry.objects.order_by("at", "id").values_list("action", flat=True))


@pytest.fixture
def priya(alder: Network):
    return make_member(alder, name="Priya Raman", school="Moor End Primary School")


@pytest.fixture
def martin(birch: Network):
    return make_member(birch, name="Martin Bayliss", school="Stour Valley Primary")


def test_a_network_is_known_to_the_collective_from_its_first_day(alder: Network, birch: Network) -> None:
    with in_collective():
        assert sorted(Origin.objects.values_list("id", "name")) == sorted(
            [(alder.id, alder.name), (birch.id, birch.name)]
        )


def test_share_item_publishes_what_the_preview_showed(in_alder: Network, priya) -> None:
    discussion = make_discussion(priya, body="Hartwell & Dunne want £2.94 a meal.")
    choice = Choice(identity=Identity.ROLE, redactions=["hartwell & dunne"])

    preview = services.preview("discussion", discussion.id, choice)
    item = services.share_item("discussion", discussion.id, choice, by=priya)

    publication = the_publication()
    assert {name: getattr(publication, name) for name in preview.draft.fields()} == preview.draft.fields()
    assert publication.body == "[removed] want £2.94 a meal."
    assert (item.state, item.publication_id, ledger()) == (ShareState.SHARED, publication.id, [LedgerAction.SHARED])


def test_share_item_takes_only_what_leaves(in_alder: Network, priya) -> None:
    discussion = make_discussion(priya, title="Canary question", body="Canary body")
    post_reply(discussion, body="canary home reply", by=priya)

    share(discussion, priya)

    left = in_the_collective()
    assert "Canary question" in left
    for kept in ("canary home reply", str(discussion.id), str(priya.id), str(priya.account_id), priya.email):
        assert kept not in left


@pytest.mark.parametrize(
    ("identity", "shown"),
    [
        (Identity.NAMED, ("Priya Raman", "School business manager, Moor End Primary School", "Alder SBM Network")),
        (Identity.ROLE, ("", "School business manager", "Alder SBM Network")),
        (Identity.ANONYMOUS, ("", "", "")),
    ],
)
def test_share_item_shows_as_much_of_the_author_as_chosen(in_alder: Network, priya, identity, shown) -> None:
    share(make_discussion(priya), priya, identity=identity)

    publication = the_publication()
    assert (publication.shown_name, publication.shown_role, publication.shown_network) == shown


def test_anonymous_items_cannot_be_linked(in_alder: Network, priya) -> None:
    for title in ("One", "Two"):
        share(make_discussion(priya, title=title), priya, identity=Identity.ANONYMOUS)

    with in_collective(joining_transaction=True):
        first, second = Publication.objects.all()
    assert {first.id.version, second.id.version} == {4}
    assert first.shown_at == second.shown_at
    assert (first.shown_at.astimezone().minute, first.phase, first.size, first.shown_region) == (0, "", "", "")


def test_becoming_anonymous_starts_a_new_life(in_alder: Network, priya) -> None:
    discussion = share(make_discussion(priya), priya)
    before = discussion.publication_id

    share(discussion, priya, identity=Identity.ANONYMOUS)

    assert the_publication().id != before
    assert ledger() == [LedgerAction.SHARED, LedgerAction.WITHDRAWN, LedgerAction.SHARED]


def test_an_edit_follows(in_alder: Network, priya) -> None:
    discussion = share(make_discussion(priya), priya, redactions=["Acme"])

    edit_discussion(discussion, title="Who tests appliances?", body="Acme retired.", by=priya)

    publication = the_publication()
    assert (publication.title, publication.body, publication.version) == (
        "Who tests appliances?",
        "[removed] retired.",
        2,
    )


def test_withdraw_brings_answers_home(in_alder: Network, birch: Network, priya, martin) -> None:
    discussion = share(make_discussion(priya), priya)
    reply = away_reply(discussion, martin, birch, body="We use Circuit Sense.")
    mark_reply(discussion, reply.id, is_answer=True, by=priya)

    services.withdraw_item("discussion", discussion.id, by=priya)

    discussion.refresh_from_db()
    home = ReceivedReply.objects.get()
    assert (home.id, home.body, home.shown_name, home.shown_network, home.is_answer) == (
        reply.id,
        "We use Circuit Sense.",
        "Martin Bayliss",
        birch.name,
        True,
    )
    assert str(martin.account_id) not in serializers.serialize("json", [home])
    assert (discussion.publication_id, discussion.is_answered, discussion.away_count) == (None, True, 1)
    assert [post.body for post in discussions.posts(discussion)] == ["We use Circuit Sense."]
    assert "Circuit" not in in_the_collective()
    assert ledger() == [LedgerAction.SHARED, LedgerAction.REPLIES_CAME_HOME, LedgerAction.WITHDRAWN]


def test_withdraw_lets_the_author_take_the_answer_back_at_home_too(in_alder: Network, birch, priya, martin) -> None:
    discussion = share(make_discussion(priya), priya)
    reply = away_reply(discussion, martin, birch)
    services.withdraw_item("discussion", discussion.id, by=priya)

    with in_collective(joining_transaction=True):
        returned = ReturnedReply.objects.get()
        with pytest.raises(publications.ReplyRefusedError):
            publications.withdraw_returned_reply(returned, account_id=priya.account_id)
        publications.withdraw_returned_reply(returned, account_id=martin.account_id)
    services.remove_received_reply(reply.id, by=priya.actor)

    discussion.refresh_from_db()
    post = discussions.posts(discussion)[0]
    assert (post.body, post.is_removed) == ("", True)


def test_sharing_again_is_a_new_publication(in_alder: Network, priya) -> None:
    discussion = share(make_discussion(priya), priya)
    first = discussion.publication_id
    services.withdraw_item("discussion", discussion.id, by=priya)

    share(discussion, priya)

    assert discussion.publication_id not in (first, None)
    assert SharedItem.objects.count() == 1


@pytest.mark.parametrize("broken", ["publish", "withdraw_publication"])
def test_a_failure_in_the_collective_undoes_the_network_too(in_alder: Network, priya, broken: str) -> None:
    discussion = make_discussion(priya)
    if broken == "withdraw_publication":
        share(discussion, priya)
    before = (in_the_collective(), ledger())

    act = services.withdraw_item if broken == "withdraw_publication" else share_named
    with patch.object(publications, broken, side_effect=ZeroDivisionError), pytest.raises(ZeroDivisionError):
        atomically(act, discussion.id, by=priya)

    discussion.refresh_from_db()
    assert (in_the_collective(), ledger()) == before
    assert discussion.is_shared is (broken == "withdraw_publication")


def atomically(act, source_id: UUID, *, by) -> None:
    with transaction.atomic():
        act("discussion", source_id, by=by)


def share_named(kind: str, source_id: UUID, *, by) -> None:
    services.share_item(kind, source_id, Choice(identity=Identity.NAMED), by=by)


def test_only_the_author_shares_and_only_author_or_organiser_withdraws(in_alder: Network, priya) -> None:
    other = make_member(in_alder, name="Other Person")
    organiser = make_member(in_alder, name="Helen Marsh", role=Role.ORGANISER)
    discussion = make_discussion(priya)

    for member in (other, organiser):
        with pytest.raises(SharingRefusedError):
            share_named("discussion", discussion.id, by=member)
    share(discussion, priya)
    with pytest.raises(SharingRefusedError):
        services.withdraw_item("discussion", discussion.id, by=other)
    services.withdraw_item("discussion", discussion.id, by=organiser)

    assert "PAT" not in in_the_collective()


def test_policy_keeps_categories_and_asks_an_organiser(in_alder: Network, priya) -> None:
    organiser = make_member(in_alder, name="Helen Marsh", role=Role.ORGANISER)
    discussion = make_discussion(priya)
    services.update_policy(
        approval_required=True, kept_categories=[discussion.category.name], blocked_networks=[], by=organiser
    )
    with pytest.raises(SharingRefusedError, match="keeps Buildings"):
        share_named("discussion", discussion.id, by=priya)
    services.update_policy(approval_required=True, kept_categories=[], blocked_networks=[], by=organiser)

    share(discussion, priya)
    item = SharedItem.objects.get()
    assert (item.state, in_the_collective()) == (ShareState.AWAITING_APPROVAL, "[]")

    with pytest.raises(SharingRefusedError):
        services.approve_item(item, by=priya)
    services.approve_item(item, by=organiser)
    assert the_publication().title == discussion.title
    with pytest.raises(SharingRefusedError, match="approved this as it is"):
        share_named("discussion", discussion.id, by=priya)


def test_refused_stays_here(in_alder: Network, priya) -> None:
    organiser = make_member(in_alder, name="Helen Marsh", role=Role.ORGANISER)
    services.update_policy(approval_required=True, kept_categories=[], blocked_networks=[], by=organiser)
    share(make_discussion(priya), priya)

    services.refuse_item(SharedItem.objects.get(), by=organiser)

    assert (SharedItem.objects.get().state, in_the_collective()) == (ShareState.REFUSED, "[]")


def test_ledger_is_append_only(in_alder: Network, priya) -> None:
    share(make_discussion(priya), priya)
    entry = LedgerEntry.objects.get()

    with pytest.raises(AppendOnlyError):
        entry.save()
    with pytest.raises(AppendOnlyError):
        entry.delete()


def test_marking_somebody_elses_publication_is_refused(alder: Network, birch: Network, priya, martin) -> None:
    with in_network(alder):
        one, two = share(make_discussion(priya, title="One"), priya), share(make_discussion(priya, title="Two"), priya)
        reply = away_reply(one, martin, birch)

        with pytest.raises(publications.PublicationGoneError):
            mark_reply(two, reply.id, is_answer=True, by=priya)
    with in_network(birch):
        theirs = share(make_discussion(martin, title="Theirs"), martin)
        with pytest.raises(publications.PublicationGoneError):
            mark_reply(theirs, reply.id, is_answer=True, by=martin)

    with in_collective():
        assert not PublicationReply.objects.get().is_answer


def test_nothing_of_birch_is_touched_by_alder(alder: Network, birch: Network, priya, martin) -> None:
    with in_network(birch):
        theirs = share(make_discussion(martin, title="Canary birch"), martin)
    with in_network(alder):
        with pytest.raises(services.NothingToShareError):
            services.preview("discussion", theirs.id, Choice(identity=Identity.NAMED))
        with pytest.raises(SharingRefusedError):
            services.withdraw_item("discussion", theirs.id, by=priya)
        assert "Canary birch" not in json.dumps(ledger())

    with in_collective():
        assert Publication.objects.get().title == "Canary birch"


# What follows


def test_an_edit_that_others_do_not_see_leaves_no_entry(in_alder: Network, birch, priya, martin) -> None:
    discussion = share(make_discussion(priya, body="Acme retired."), priya, redactions=["Acme", "Nadir"])
    away_reply(discussion, martin, birch)

    edit_discussion(discussion, title=discussion.title, body="Nadir retired.", by=priya)

    assert (the_publication().body, the_publication().version) == ("[removed] retired.", 1)
    assert ledger() == [LedgerAction.SHARED]


def test_becoming_somebody_else_follows_to_what_is_shared(in_alder: Network, priya) -> None:
    named = share(make_discussion(priya, title="Named"), priya)
    share(make_discussion(priya, title="Nameless"), priya, identity=Identity.ANONYMOUS)

    update_profile(priya, name="Priya Shah", by=priya)
    add_posting(
        priya, school=SchoolFacts("Hillside", phase="Secondary"), job_title="Bursar", active_from=TODAY, by=priya
    )

    with in_collective(joining_transaction=True):
        shown = {each.title: (each.shown_name, each.shown_role, each.phase) for each in Publication.objects.all()}
        assert Publication.objects.get(title="Named").id == named.publication_id
    assert shown == {"Named": ("Priya Shah", "Bursar, Hillside", "Secondary"), "Nameless": ("", "", "")}
    assert find_drift() == []


def test_what_somebody_shared_who_has_left_names_them_no_more(in_alder: Network, priya) -> None:
    share(make_discussion(priya), priya)

    remove_member(priya, by=make_member(in_alder, name="Helen Marsh", role=Role.ORGANISER))

    publication = the_publication()
    assert (publication.shown_name, publication.shown_role) == ("Former member", "")
    assert find_drift() == []


def test_a_networks_new_name_and_colour_follow(alder: Network, birch: Network, priya, martin) -> None:
    with in_network(alder):
        discussion = share(make_discussion(priya), priya)
        away_reply(discussion, martin, birch)
    for network, name in ((alder, "Alder Renamed"), (birch, "Birch Renamed")):
        update_appearance(network, name=name, colour="#123456")

    with in_collective():
        reply = PublicationReply.objects.get()
        assert Publication.objects.get().shown_network == "Alder Renamed"
        assert (reply.shown_network, reply.shown_colour) == ("Birch Renamed", "#123456")
    assert find_drift() == []


def test_moving_to_a_kept_category_takes_it_back(in_alder: Network, priya) -> None:
    organiser = make_member(in_alder, name="Helen Marsh", role=Role.ORGANISER)
    discussion = share(make_discussion(priya), priya)
    services.update_policy(approval_required=False, kept_categories=["Staff"], blocked_networks=[], by=organiser)
    staff = Category.objects.get(name="Staff")

    edit_discussion(discussion, title="x", body="x", category=staff, by=priya)

    assert (in_the_collective(), SharedItem.objects.get().state) == ("[]", ShareState.WITHDRAWN)


def test_approval_looks_at_the_policy_again(in_alder: Network, priya) -> None:
    organiser = make_member(in_alder, name="Helen Marsh", role=Role.ORGANISER)
    services.update_policy(approval_required=True, kept_categories=[], blocked_networks=[], by=organiser)
    discussion = share(make_discussion(priya), priya)
    services.update_policy(
        approval_required=True, kept_categories=[discussion.category.name], blocked_networks=[], by=organiser
    )

    with pytest.raises(SharingRefusedError, match="keeps Buildings"):
        services.approve_item(SharedItem.objects.get(), by=organiser)
    services.withdraw_item("discussion", discussion.id, by=priya)
    with pytest.raises(SharingRefusedError, match="decided already"):
        services.approve_item(SharedItem.objects.get(), by=organiser)

    assert in_the_collective() == "[]"


# Nobody is linked


def test_a_region_is_named_only_while_it_hides_who_is_meant(in_alder: Network, birch, priya) -> None:
    share(make_discussion(priya), priya, identity=Identity.ANONYMOUS)
    shown = []
    for number in range(3):
        with in_collective(joining_transaction=True):
            publications.save_origin(
                Network(
                    id=new_id(), name=f"N{number}", subdomain=f"n{number}", colour="#000000", region="West Midlands"
                )
            )
        shown.append(the_publication().shown_region)
    with in_collective(joining_transaction=True):
        publications.save_origin(birch, is_visible=False)
    shown.append(the_publication().shown_region)

    assert shown == ["", "", "West Midlands", ""]
    assert [line for line in find_drift() if line.startswith("publication")] == []


def test_an_anonymous_reply_has_a_random_id_and_comes_home_with_its_day(
    in_alder: Network, birch, priya, martin
) -> None:
    discussion = share(make_discussion(priya), priya)
    with in_collective(joining_transaction=True):
        reply = publications.reply_to_publication(
            Publication.objects.get(),
            body="Circuit Sense.",
            replier=Replier(account_id=martin.account_id, network_id=birch.id, identity=Identity.ANONYMOUS),
        )
    assert reply.id.version == 4

    services.withdraw_item("discussion", discussion.id, by=priya)

    home = ReceivedReply.objects.get()
    local = home.created_at.astimezone(ZoneInfo("Europe/London"))
    assert (home.shown_name, home.shown_role, home.shown_network, home.shown_colour) == ("", "", "", "")
    assert (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


def test_an_anonymous_thing_keeps_no_category_of_the_networks_own(in_alder: Network, priya) -> None:
    organiser = make_member(in_alder, name="Helen Marsh", role=Role.ORGANISER)
    own = save_category(name="Alder lettings club", by=organiser)
    discussion = start_discussion(title="x", body="x", category=own, by=priya)

    share(discussion, priya, identity=Identity.ANONYMOUS)

    assert "lettings" not in in_the_collective()
    assert find_drift() == []


def test_cut_words_are_nowhere_outside(in_alder: Network, priya) -> None:
    discussion = make_discussion(priya, title="Is Zanzibar Ltd any good?", body="Zan**zibar** Ltd want £900.")

    share(discussion, priya, redactions=["zanzibar ltd"])

    with in_collective(joining_transaction=True), connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'collective'")
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f"SELECT string_agg(t::text, '\n') FROM collective.{table} AS t")
            rows.append(cursor.fetchone()[0] or "")
    text = "\n".join(rows).lower()
    assert "[removed]" in text
    assert "zanzibar" not in text
    assert [entry.title for entry in LedgerEntry.objects.all()] == ["Is [removed] any good?"]
    assert SharedItem.objects.get().title == "Is [removed] any good?"
