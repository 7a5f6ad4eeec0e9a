"""What is found follows what is written, in the same transaction, and never more than everybody may see."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Category, Discussion, Reply
from tenant_apps.discussions.signals import discussion_removed
from tenant_apps.files.services import attach
from tenant_apps.members import services as members
from tenant_apps.search import services
from tenant_apps.search.models import SearchEntry, SearchTermChange, SearchTermStatistic
from tenant_apps.search.selectors import differing_ids, find
from tenant_apps.search.tasks import keep
from tenant_apps.suppliers import services as suppliers
from tenants.context import in_network
from tests.builders.discussions import make_discussion
from tests.builders.suppliers import make_recommendation, make_supplier


def found(query: str) -> list[str]:
    return [result.hit.entry.title for result in find(query).results]


def test_a_discussion_is_found_by_its_title_its_text_and_its_replies(in_alder, priya, tom) -> None:
    discussion = make_discussion(priya, title="Zeppelin hire", body="A **wicker** basket.")
    reply = discussions.post_reply(discussion, body="Ask the aerodrome.", by=tom)

    assert found("zeppelin") == found("wicker") == found("aerodrome") == ["Zeppelin hire"]

    discussions.edit_reply(reply, body="Ask the harbour.", by=tom)
    discussions.edit_discussion(discussion, title="Airship hire", body="A wicker basket.", by=priya)

    assert (found("aerodrome"), found("zeppelin"), found("harbour")) == ([], [], ["Airship hire"])


def test_what_is_rolled_back_is_not_found(in_alder, priya) -> None:
    with transaction.atomic():
        make_discussion(priya, title="Zeppelin hire")
        transaction.set_rollback(True)

    assert found("zeppelin") == []


def test_what_is_hidden_is_found_no_more_until_it_is_shown(in_alder, priya, tom) -> None:
    discussion = make_discussion(priya, title="Zeppelin hire")
    reply = discussions.post_reply(discussion, body="Ask the aerodrome.", by=priya)

    discussions.hide_reply(reply, reason="Off the subject", by=tom)
    assert (found("aerodrome"), found("zeppelin")) == ([], ["Zeppelin hire"])
    discussions.show_reply(reply, by=tom)
    assert found("aerodrome") == ["Zeppelin hire"]

    discussions.hide_discussion(discussion, reason="Off the subject", by=tom)
    assert (found("zeppelin"), SearchEntry.objects.filter(id=discussion.id).exists()) == ([], False)
    discussions.show_discussion(discussion, by=tom)
    assert found("zeppelin") == ["Zeppelin hire"]


def test_a_question_without_a_name_waits_and_is_then_found_but_not_by_who_asked(in_alder, priya, tom) -> None:
    category = Category.objects.first()
    Category.objects.filter(id=category.id).update(allows_anonymous=True)
    category.refresh_from_db()
    asked = discussions.start_discussion(
        title="Zeppelin grievance", body="What now?", category=category, is_anonymous=True, by=priya
    )

    assert found("zeppelin") == []
    discussions.approve_question(asked, by=tom)

    assert found("zeppelin") == ["Zeppelin grievance"]
    assert SearchEntry.objects.get(id=asked.id).author_id is None
    assert find("zeppelin").page.facets["author"] == ()
    assert "Zeppelin grievance" not in found("Priya Raman")


def test_an_answer_is_counted(in_alder, priya, tom) -> None:
    discussion = make_discussion(priya, title="Zeppelin hire")
    reply = discussions.post_reply(discussion, body="Ask the aerodrome.", by=tom)

    discussions.mark_reply(discussion, reply.id, is_answer=True, by=priya)

    assert [(each.value, each.count) for each in find("zeppelin").page.facets["answered"]] == [(True, 1)]


def test_a_discussion_that_is_gone_is_found_no_more(in_alder, priya) -> None:
    discussion = make_discussion(priya, title="Zeppelin hire")
    discussion_id = discussion.id
    Discussion.objects.filter(id=discussion_id).delete()

    discussion_removed.send(Discussion, discussion_id=discussion_id)

    assert found("zeppelin") == []


def test_a_discussion_is_found_by_the_names_of_its_files(in_alder, priya) -> None:
    discussion = make_discussion(priya, title="Zeppelin hire")
    reply = discussions.post_reply(discussion, body="Attached.", by=priya)
    pdf = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
    attach("harbour-tariff.pdf", pdf, kind="discussion", object_id=discussion.id, by=priya)
    attach("pier_fees.pdf", pdf, kind="reply", object_id=reply.id, by=priya)

    assert found("tariff") == found("pier fees") == ["Zeppelin hire"]


def test_members_are_found_by_what_they_tell_and_not_when_they_left(in_alder, priya, tom) -> None:
    members.update_profile(
        priya, name="Priya Raman", phone="01632 960123", about="", ask_me_about="Zeppelins", by=priya
    )

    assert found("zeppelins") == found("Moor End") == found("priya") == ["Priya Raman"]
    assert found("01632 960123") == found("alder.example") == []

    tom.role = "owner"
    tom.save(update_fields=["role"])
    members.remove_member(priya, by=tom)
    assert found("priya") == []


def test_suppliers_are_found_by_what_is_said_of_them_and_never_by_notes(in_alder, priya, tom) -> None:
    supplier = make_supplier(priya, name="Larder Lane", description="School meals")
    said = make_recommendation(supplier, priya, text="Their zeppelin pudding is a marvel.")
    suppliers.add_note(supplier, happened_on=date(2026, 1, 5), text="Private aerodrome invoice.", by=priya)

    assert found("zeppelin") == found("larder") == found("meals") == ["Larder Lane"]
    assert found("aerodrome") == []

    suppliers.hide_recommendation(said, by=tom)
    assert found("zeppelin") == []
    tom.role = "organiser"
    tom.save(update_fields=["role"])
    suppliers.archive_supplier(supplier, is_archived=True, by=tom)
    assert found("larder") == []


def test_the_index_of_a_network_from_before_is_filled_by_the_job(in_alder, priya) -> None:
    discussion = make_discussion(priya, title="Zeppelin hire")
    Reply.objects.create(discussion=discussion, author=priya, body="Ask the aerodrome.")
    for model in (SearchEntry, SearchTermStatistic, SearchTermChange):
        model.objects.all().delete()

    keep.run_now()

    assert found("aerodrome") == ["Zeppelin hire"]
    assert found("priya") == ["Priya Raman"]
    assert (differing_ids(), SearchTermChange.objects.count()) == ([], 0)
    assert services.keep() == 0


def test_the_job_takes_out_what_is_gone(in_alder, priya) -> None:
    discussion = make_discussion(priya, title="Zeppelin hire")
    Discussion.objects.filter(id=discussion.id).delete()

    assert (services.keep(), found("zeppelin")) == (1, [])


def test_rebuild_search_makes_an_index_anew(alder, birch, priya, martin) -> None:
    with in_network(alder):
        discussion = make_discussion(priya, title="Zeppelin hire")
        Discussion.objects.filter(id=discussion.id).update(title="Airship hire")
        SearchTermStatistic.objects.create(term="zeppelin", band=3, documents=9, occurrences=9)
    out = StringIO()

    call_command("rebuild_search", network="alder", stdout=out)

    assert out.getvalue() == "alder: 2 found.\n"
    with in_network(alder):
        assert (found("airship"), found("zeppelin")) == (["Airship hire"], [])
        assert not SearchTermStatistic.objects.filter(term="zeppelin").exists()
    with pytest.raises(CommandError, match="No live network is called nowhere"):
        call_command("rebuild_search", network="nowhere")
