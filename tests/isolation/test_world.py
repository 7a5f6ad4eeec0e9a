"""The world holds a canary in every table and every text, so that the other tests could see it leak."""

import pytest
from django.apps import apps
from django.db import models

from tests.isolation import rows
from tests.isolation.canaries import all_words, private_words

NO_TEXT_OF_ITS_OWN = {  # tables with ids, numbers and states only; they must hold rows all the same
    "audit_event",
    "discussions_helpful",
    "discussions_mention",
    "discussions_pollvote",
    "discussions_readmark",
    "discussions_submission",
    "django_migrations",
    "notifications_follow",
    "notifications_notification",
    "notifications_preference",
    "notifications_replyaddress",
    "portability_export",
    "setup_checklist",
    "suppliers_supplierlisting",
}
NOT_A_PERSONS_WORDS = {  # columns, with what they hold instead
    "audit_event.actor_label": "names of programs",
    "audit_event.details": "ids, numbers, states; audit.services refuses content",
    "audit_event.fields": "names of columns",
    "audit_event.name": "names of events",
    "audit_event.target_kind": "names of models",
    "discussions_archive.path": "a random name",
    "discussions_submission.key": "a fingerprint",
    "files_storedfile.content_type": "one of our types",
    "files_storedfile.kind": "a word of ours",
    "files_storedfile.path": "a random path",
    "files_storedfile.sha256": "a fingerprint",
    "mail_inbound.became_kind": "a word of ours",
    "mail_inbound.thread_key": "ids",
    "mail_message.dedupe_key": "ids",
    "mail_message.error": "the class of an error",
    "mail_message.headers": "ids and addresses of pages",
    "mail_message.host": "the network's host",
    "mail_message.kind": "names of messages",
    "mail_message.thread_key": "ids",
    "members_branding.colour": "a colour",
    "members_invitation.code_hash": "a hash",
    "members_invitation.token_hash": "a hash",
    "members_member.phone": "figures only",
    "moderation_case.kind": "a word of ours",
    "moderation_report.network_name": "the public name of another network",
    "notifications_follow.kind": "a word of ours",
    "notifications_replyaddress.kind": "a word of ours",
    "notifications_replyaddress.token": "random",
    "notifications_news.about_kind": "a word of ours",
    "notifications_news.key": "ids",
    "notifications_news.path": "ids",
    "portability_export.sha256": "a fingerprint",
    "members_member.headline_phase": "a phase of the national register",
    "members_posting.phase": "a phase of the national register",
    "search_searchtermchange.term": "stems of words; tests/isolation/test_search.py",
    "search_searchtermstatistic.term": "stems of words; tests/isolation/test_search.py",
    "sharing_ledgerentry.identity": "one of three words",
    "sharing_receivedreply.shown_colour": "a colour",
    "sharing_receivedreply.source_kind": "a word of ours",
    "sharing_shareditem.source_kind": "a word of ours",
    "suppliers_recommendation.phase": "a phase of the national register",
}
FROM_THE_OTHER = {"sharing_receivedreply"}  # holds the other network's shared words, which came home
MAY_BE_IN_PUBLIC = {  # what accounts know of people, and what people called their tokens
    "account_emailaddress.email",
    "accounts_networkaccess.display_job",
    "accounts_networkaccess.display_name",
    "accounts_networkaccess.display_school",
    "accounts_user.email",
    "accounts_user.name",
    "api_apitoken.name",
    "billing_invoice.billed_to",
    "billing_invoice.purchase_order",
    "billing_subscription.purchase_order",
    "closing_closing.name",
    "domains_owndomain.host",
    "mail_address.address",
    "socialaccount_socialaccount.extra_data",
    "tenants_network.name",
}


@pytest.mark.parametrize("name", ["alder", "birch"])
def test_every_table_of_a_network_holds_a_canary(world, name):
    place, bare = world.place(name), {}
    for table in rows.tables(place.schema):
        texts = rows.texts(place.schema, table)
        owner = world.other(place).name if table in FROM_THE_OTHER else name
        has_canary = any(all_words(owner).search(text) for text in texts)
        if not texts or not (has_canary or table in NO_TEXT_OF_ITS_OWN):
            bare[table] = len(texts)

    assert bare == {}, "Give these tables a row with a canary, in tests/isolation/world.py."


def test_every_text_of_a_network_holds_a_canary(world):
    schema = world.alder.schema
    bare = [
        f"{model._meta.db_table}.{field.column}"
        for model in _models_of(schema)
        for field in model._meta.concrete_fields
        if _holds_words(field)
        and f"{model._meta.db_table}.{field.column}" not in NOT_A_PERSONS_WORDS
        and not any("canary-" in text for text in rows.column(schema, model._meta.db_table, field.column))
    ]

    assert bare == [], "Write canaries into these, in tests/isolation/world.py, or say here what they hold instead."


def test_every_table_of_the_collective_holds_what_was_shared(world):
    bare = [table for table in rows.tables("collective") if not rows.texts("collective", table)]

    bare.remove("mail_inbound")  # which receives nothing there
    assert bare in ([], ["index_publicationtermchange"])  # which is empty when everything is added up
    assert len([text for text in rows.texts("collective", "publications_publication") if "canary-" in text]) == 10


def test_the_models_are_those_tables(world):
    alder, birch = (set(rows.tables(place.schema)) for place in world.places)

    assert {model._meta.db_table for model in _models_of(world.alder.schema)} == alder - {"django_migrations"}
    assert alder == birch


@pytest.mark.parametrize("name", ["alder", "birch"])
def test_nothing_private_is_in_the_schema_of_another(world, name):
    place = world.place(name)
    found = [
        f"{schema}.{table}: {match.group()}"
        for schema in ("collective", world.other(place).schema)
        for table in rows.tables(schema)
        for text in rows.texts(schema, table)
        if (match := private_words(name).search(text))
    ]

    assert found == []


def test_public_tables_hold_no_content_of_a_network(world):
    found = {
        f"{table}.{column}"
        for table in rows.tables("public")
        for column in rows.columns("public", table)
        if any("canary-" in text for text in rows.column("public", table, column))
    }

    assert found == MAY_BE_IN_PUBLIC


def _models_of(schema: str) -> list[type[models.Model]]:
    """Return the models whose tables a network's schema has."""
    found = set(rows.tables(schema))
    return [model for model in apps.get_models() if model._meta.db_table in found]


def _holds_words(field: models.Field) -> bool:
    inner = getattr(field, "base_field", field)
    return isinstance(inner, models.CharField | models.TextField | models.JSONField) and not inner.choices
