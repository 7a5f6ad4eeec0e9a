"""Reports make cases, moderators decide, everybody concerned is told, and everything can be taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shared_apps.mail.models import Message
from tenant_apps.discussions import services as discussions
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenant_apps.moderation import selectors, services
from tenant_apps.moderation.enums import ActKind, CaseState, QueueView
from tenant_apps.moderation.models import Act, AppendOnlyError, Case, Report
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member
from tests.builders.suppliers import make_recommendation, make_supplier


@pytest.fixture
def people(in_alder):
    """An author, two who read, two moderators."""
    return {
        "author": make_member(in_alder, name="Ada Author"),
        "reader": make_member(in_alder, name="Rita Reader"),
        "other": make_member(in_alder, name="Otto Other"),
        "moderator": make_member(in_alder, name="Mo Derator", role=Role.MODERATOR),
        "second": make_member(in_alder, name="Sec Ond", role=Role.OWNER),
    }


@pytest.fixture
def said(people):
    """What the author said of a supplier."""
    return make_recommendation(make_supplier(people["author"]), people["author"], text="Their boss is a crook.")


def reported(people, said, who="reader", **values):
    values = {"reason": "rude", "words": "Not about the service.", **values}
    return services.report("recommendation", said.id, **values, by=people[who])


def mail_to(member):
    return list(Message.objects.filter(to_address=member.email).order_by("id"))


def test_report_opens_one_case_that_gathers_reports(people, said):
    first, second = reported(people, said), reported(people, said, "other", reason="personal", words="")

    assert first.case_id == second.case_id
    case = selectors.cases().get()
    assert (case.report_count, case.title, case.text) == (
        2,
        "Recommendation of Greenfield Kitchens",
        "Their boss is a crook.",
    )
    assert case.author == people["author"]


def test_report_again_replaces_what_one_said(people, said):
    reported(people, said)
    reported(people, said, reason="wrong", words="")

    assert [(each.reason, each.words) for each in Report.objects.all()] == [("wrong", "")]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reason": "other", "words": " "}, "Say what is wrong with it."),
        ({"reason": "nonsense"}, "Choose what is wrong with it."),
        ({"words": "x" * 2001}, "At most 2,000 characters. Shorten what you wrote."),
    ],
)
def test_report_says_what_is_missing(people, said, values, words):
    with pytest.raises(services.ModerationError, match=words):
        reported(people, said, **values)

    assert Case.objects.count() == 0


def test_report_of_ones_own_is_refused(people, said):
    with pytest.raises(services.NotAllowedError):
        reported(people, said, "author")


def test_hide_takes_it_out_of_sight_and_of_the_figures_and_can_be_undone(people, said):
    case = reported(people, said).case

    act = services.decide(case, kind=ActKind.HIDDEN, reason="An insult.", by=people["moderator"])

    assert list(selectors_of(said, people["reader"])) == []
    assert list(selectors_of(said, people["author"])) == [said]
    said.supplier.refresh_from_db()
    assert said.supplier.recommendation_count == 0

    services.take_back(act, reason="I misread it.", by=people["second"])

    assert list(selectors_of(said, people["reader"])) == [said]
    said.supplier.refresh_from_db()
    assert said.supplier.recommendation_count == 1
    assert [each.kind for each in selectors.log()] == [ActKind.SHOWN, ActKind.HIDDEN]


def selectors_of(said, reader):
    from tenant_apps.suppliers.selectors import recommendations

    return recommendations(said.supplier, reader)


def test_decide_closes_the_case_and_tells_author_and_reporters_without_naming_them(people, said):
    case = reported(people, said).case
    reported(people, said, "other")

    services.decide(case, kind=ActKind.HIDDEN, reason="An insult.", by=people["moderator"])

    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.CLOSED, ActKind.HIDDEN)
    (to_author,) = mail_to(people["author"])
    assert "An insult." in to_author.text
    assert "Rita" not in to_author.text + to_author.html
    assert "Otto" not in to_author.text + to_author.html
    for who in ("reader", "other"):
        (told,) = mail_to(people[who])
        assert "The moderators have hidden it." in told.text


def test_report_after_a_decision_opens_a_new_case(people, said):
    case = reported(people, said).case
    services.decide(case, kind=ActKind.LEFT, reason="It is an opinion.", by=people["moderator"])

    again = reported(people, said, "other").case

    assert again.id != case.id
    assert [each.id for each in selectors.cases(QueueView.CLOSED)] == [case.id]


def test_left_as_it_is_waits_again_when_taken_back(people, said):
    case = reported(people, said).case
    act = services.decide(case, kind=ActKind.LEFT, reason="Fine.", by=people["moderator"])

    services.take_back(act, reason="Not fine.", by=people["moderator"])

    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    with pytest.raises(services.ModerationError, match="taken back already"):
        services.take_back(act, reason="Again.", by=people["moderator"])


def test_suspend_stops_writing_until_it_ends_or_is_lifted(people, said):
    case = reported(people, said).case

    act = services.decide(case, kind=ActKind.SUSPENDED, reason="Third time.", days=7, by=people["moderator"])

    author = Member.objects.get(id=people["author"].id)
    assert author.is_suspended
    assert timedelta(days=6) < author.suspended_until - timezone.now() <= timedelta(days=7)
    with pytest.raises(Exception, match="Only members can add a supplier"):
        make_supplier(author, name="Another")
    (told,) = mail_to(author)
    assert "cannot write until" in told.text

    services.take_back(act, reason="They apologised.", by=people["second"])

    assert not Member.objects.get(id=author.id).is_suspended


def test_suspension_that_has_ended_is_none(people):
    author = people["author"]
    author.suspended_at, author.suspended_until = timezone.now() - timedelta(days=2), timezone.now() - timedelta(days=1)

    assert not author.is_suspended


def test_who_has_a_role_is_not_suspended(people):
    said = make_recommendation(make_supplier(people["moderator"]), people["moderator"])
    case = reported(people, said).case

    with pytest.raises(services.NotAllowedError, match="Only a member without a role"):
        services.decide(case, kind=ActKind.SUSPENDED, reason="No.", by=people["second"])


def test_nobody_decides_about_their_own_while_another_moderator_is_there(people):
    said = make_recommendation(make_supplier(people["moderator"]), people["moderator"])
    case = reported(people, said).case

    with pytest.raises(services.NotAllowedError, match="Another moderator decides"):
        services.decide(case, kind=ActKind.LEFT, reason="I am right.", by=people["moderator"])
    with pytest.raises(services.NotAllowedError):
        services.decide(case, kind=ActKind.LEFT, reason="No.", by=people["reader"])


def test_the_only_moderator_decides_also_about_their_own(people):
    Member.objects.filter(id=people["second"].id).update(role=Role.MEMBER)
    said = make_recommendation(make_supplier(people["moderator"]), people["moderator"])
    case = reported(people, said).case

    assert services.decide(case, kind=ActKind.LEFT, reason="Fine.", by=people["moderator"]).kind == ActKind.LEFT


def test_what_was_decided_meanwhile_is_decided_again_only_by_who_has_seen_it(people, said):
    case = reported(people, said).case
    services.decide(case, kind=ActKind.WARNED, reason="Rude.", acts_seen=0, by=people["moderator"])

    for seen in (None, 0, 2):  # the form sent twice, a page of before, and a made-up number
        with pytest.raises(services.ModerationError, match="decided meanwhile"):
            services.decide(case, kind=ActKind.HIDDEN, reason="Rude.", acts_seen=seen, by=people["second"])
    services.decide(case, kind=ActKind.HIDDEN, reason="And a lie.", acts_seen=1, by=people["second"])

    assert list(Act.objects.order_by("at").values_list("kind", flat=True)) == ["warned", "hidden"]


def test_a_moderator_undoes_nothing_that_another_did_about_them(people):
    said = make_recommendation(make_supplier(people["moderator"]), people["moderator"])
    act = services.decide(reported(people, said).case, kind=ActKind.WARNED, reason="Rude.", by=people["second"])

    with pytest.raises(services.NotAllowedError, match="You can appeal"):
        services.take_back(act, reason="I am right.", by=people["moderator"])
    Member.objects.filter(id=people["second"].id).update(role=Role.MEMBER)

    assert services.take_back(act, reason="Nobody else is here.", by=people["moderator"]).kind == ActKind.TAKEN_BACK


def test_a_moderator_closes_no_case_about_their_own_by_hiding_and_showing_it(people):
    asked = make_discussion(people["moderator"])
    case = services.report("discussion", asked.id, reason="rude", by=people["reader"]).case

    discussions.hide_discussion(asked, reason="Mine.", by=people["moderator"])
    discussions.show_discussion(asked, by=people["moderator"])
    case.refresh_from_db()
    assert case.state == "open"
    discussions.hide_discussion(asked, reason="Rude.", by=people["second"])
    with pytest.raises(discussions.NotAllowedError, match="Another moderator hid this"):
        discussions.show_discussion(asked, by=people["moderator"])

    asked.refresh_from_db()
    assert asked.hidden_at is not None


def test_decide_needs_a_reason(people, said):
    case = reported(people, said).case

    with pytest.raises(services.ModerationError, match="Write why"):
        services.decide(case, kind=ActKind.WARNED, reason=" ", by=people["moderator"])

    assert Act.objects.count() == 0


def test_hide_what_is_gone_says_so(people, said):
    case = reported(people, said).case
    said.delete()

    with pytest.raises(services.ModerationError, match="gone already"):
        services.decide(case, kind=ActKind.HIDDEN, reason="An insult.", by=people["moderator"])

    assert Act.objects.count() == 0


def test_the_log_is_never_changed(people, said):
    act = services.decide(reported(people, said).case, kind=ActKind.LEFT, reason="Fine.", by=people["moderator"])

    with pytest.raises(AppendOnlyError):
        act.save()
    with pytest.raises(AppendOnlyError):
        act.delete()


# Appeals -------------------------------------------------------------------------------------------------------------


def warned(people, said):
    return services.decide(reported(people, said).case, kind=ActKind.HIDDEN, reason="Rude.", by=people["moderator"])


def test_appeal_goes_to_another_moderator_and_both_are_told_how_it_ended(people, said):
    act = warned(people, said)

    appeal = services.appeal(act, words="It is true.", by=people["author"])

    assert "It is true." in mail_to(people["second"])[-1].text
    assert not [mail for mail in mail_to(people["moderator"]) if "It is true." in mail.text]
    with pytest.raises(services.NotAllowedError):
        services.decide_appeal(appeal, is_granted=False, reason="No.", by=people["moderator"])

    services.decide_appeal(appeal, is_granted=True, reason="It is an opinion.", by=people["second"])

    assert list(selectors_of(said, people["reader"])) == [said]
    assert "was granted" in mail_to(people["author"])[-1].text
    assert "was granted" in mail_to(people["moderator"])[-1].text


def test_appeal_refused_lets_it_stand(people, said):
    appeal = services.appeal(warned(people, said), words="It is true.", by=people["author"])

    services.decide_appeal(appeal, is_granted=False, reason="It is still rude.", by=people["second"])

    assert list(selectors_of(said, people["reader"])) == []
    with pytest.raises(services.ModerationError, match="decided already"):
        services.decide_appeal(appeal, is_granted=True, reason="Hm.", by=people["second"])


def test_appeal_is_for_the_author_once(people, said):
    act = warned(people, said)
    services.appeal(act, words="It is true.", by=people["author"])

    with pytest.raises(services.ModerationError, match="appealed already"):
        services.appeal(act, words="And again.", by=people["author"])
    with pytest.raises(services.NotAllowedError):
        services.appeal(act, words="I agree.", by=people["reader"])


# Telling the moderators ----------------------------------------------------------------------------------------------


def test_moderators_get_one_email_an_hour(people, said):
    reported(people, said)
    services.tell_moderators()
    first = [len(mail_to(people[who])) for who in ("moderator", "second")]
    second = make_recommendation(make_supplier(people["other"], name="Second"), people["other"])
    third = make_recommendation(make_supplier(people["other"], name="Third"), people["other"])
    reported(people, second)
    reported(people, third)
    services.tell_moderators()

    assert first == [1, 1]
    assert len(mail_to(people["moderator"])) == 1

    Case.objects.exclude(told_at=None).update(told_at=timezone.now() - timedelta(hours=2))
    services.tell_moderators()
    services.tell_moderators()

    assert [mail.subject for mail in mail_to(people["moderator"])] == [
        "Something was reported",
        "2 things were reported",
    ]
