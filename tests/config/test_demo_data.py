"""The demonstration content holds together: keys resolve, time runs forwards, nothing points outside the extract."""

import collections
import csv
import datetime as dt
import re

import pytest

from config import demo

IDENTITIES = {"named", "role", "anonymous"}
NETWORKS = {network["subdomain"]: network for network in demo.networks()}
MEMBERS = {(name, member["key"]): member for name, network in NETWORKS.items() for member in network["members"]}
SCHOOLS = {school["URN"]: school for school in demo.schools()}
DISCUSSIONS = demo.discussions()
SUPPLIERS = demo.suppliers()
RECOMMENDATIONS = [row for supplier in SUPPLIERS for row in supplier["recommendations"]]
NOTES = [row for supplier in SUPPLIERS for row in supplier["notes"]]

each_discussion = pytest.mark.parametrize("discussion", DISCUSSIONS, ids=lambda row: row["key"])
each_shared = pytest.mark.parametrize(
    "discussion", [row for row in DISCUSSIONS if "share" in row], ids=lambda row: row["key"]
)
each_supplier = pytest.mark.parametrize("supplier", SUPPLIERS, ids=lambda row: row["key"])
each_network = pytest.mark.parametrize("network", NETWORKS.values(), ids=list(NETWORKS))


def shares(state=None):
    return [row["share"] for row in DISCUSSIONS if "share" in row and row["share"].get("state") == state]


def away(discussion):
    return discussion.get("share", {}).get("replies", [])


def test_there_is_as_much_as_the_readme_says():
    people = {member["email"] for member in MEMBERS.values()}
    by_network = collections.Counter(row["network"] for row in DISCUSSIONS)

    counts = [len(MEMBERS), len(people), len(DISCUSSIONS), len(SUPPLIERS), len(RECOMMENDATIONS), len(NOTES)]
    readme = (demo.FOLDER / "README.md").read_text(encoding="utf-8")

    assert (
        "three networks, {} memberships ({} people), {} discussions, {} suppliers, {} recommendations, {} service notes"
    ).format(*counts) in readme
    assert by_network == {"birmingham": 28, "kent": 13, "gloucestershire": 12}


def test_a_third_is_shared_and_some_was_taken_back():
    recommended = [row for row in RECOMMENDATIONS if "share" in row and "withdrawn_days_ago" not in row]

    assert len(shares()) * 3 >= len(DISCUSSIONS)
    assert len(recommended) * 3 >= len(RECOMMENDATIONS)
    assert {share["identity"] for share in shares()} == IDENTITIES
    assert {row["share"] for row in recommended} == IDENTITIES
    assert len(shares("withdrawn")) == 3
    assert len(shares("awaiting_approval")) == 1


def test_keys_titles_and_names_are_unique():
    for rows, field in [(DISCUSSIONS, "key"), (DISCUSSIONS, "title"), (SUPPLIERS, "key"), (SUPPLIERS, "name")]:
        values = [row[field].casefold() for row in rows]
        assert sorted(values) == sorted(set(values))


def test_a_key_is_one_person_wherever_it_stands():
    emails = collections.defaultdict(set)
    for (_, key), member in MEMBERS.items():
        emails[key].add(member["email"])

    in_two = [key for key, count in collections.Counter(key for _, key in MEMBERS).items() if count == 2]

    assert all(len(addresses) == 1 for addresses in emails.values())
    assert len(set.union(*emails.values())) == len(emails)
    assert in_two == ["naomi-kerr"]


@each_network
def test_network_members(network):
    members = network["members"]
    subdomain = network["subdomain"]
    roles = collections.Counter(member["role"] for member in members)
    fixed = {member["email"]: member["role"] for member in members if member["email"].endswith(f"@{subdomain}.example")}

    assert len({member["key"] for member in members}) == len(members)
    assert roles == {"owner": 1, "organiser": 1, "moderator": 1, "member": len(members) - 3}
    assert fixed == {f"organiser@{subdomain}.example": "owner", f"member@{subdomain}.example": "member"}
    assert set(network["stays_here"] + network["approved_first"]) <= set(network["categories"])
    for member in members:
        assert re.fullmatch(r"[a-z]+(\.[a-z]+)?@[a-z]+\.example", member["email"])
        assert re.fullmatch(r"01632 960\d{3}", member.get("phone", "01632 960000"))
        assert member["about"]
        assert member["ask_me_about"]
        assert member["since"] < dt.date(2026, 1, 1)


def test_member_schools_are_real_open_and_in_their_networks_authority():
    authorities = {"birmingham": "Birmingham", "kent": "Kent", "gloucestershire": "Gloucestershire"}

    for (subdomain, _), member in MEMBERS.items():
        school = SCHOOLS[member["urn"]]
        assert school["EstablishmentStatus (name)"] == "Open"
        assert school["LA (name)"] == authorities[subdomain]
        assert school["NumberOfPupils"]


def test_the_register_extract_has_closed_schools_and_names_that_repeat():
    with demo.SCHOOL_LINKS.open(encoding="cp1252", newline="") as lines:
        links = list(csv.DictReader(lines))
    names = collections.Counter(school["EstablishmentName"] for school in SCHOOLS.values())
    succeeded = {link["URN"] for link in links if link["LinkType"] == "Successor"}

    assert all(link["URN"] in SCHOOLS and link["LinkURN"] in SCHOOLS for link in links)
    assert sum(SCHOOLS[urn]["EstablishmentStatus (name)"] == "Closed" for urn in succeeded) >= 40
    assert max(names.values()) >= 3
    assert demo.SCHOOLS.read_bytes().count(b"\r\n") == len(SCHOOLS) + 1


@each_discussion
def test_discussion_people_are_members(discussion):
    network = discussion["network"]
    own = {key for subdomain, key in MEMBERS if subdomain == network}
    replying = [reply["author"] for reply in discussion["replies"]]
    named = [discussion["author"], *replying, *discussion["followers"], *discussion["unread"], *discussion["unopened"]]

    assert set(named) <= own
    assert not {*replying, discussion["author"]} & {*discussion["followers"], *discussion["unopened"]}
    assert not set(discussion["unread"]) & set(discussion["unopened"])
    assert all(
        reply["network"] != network and (reply["network"], reply["author"]) in MEMBERS for reply in away(discussion)
    )


@each_discussion
def test_marks_votes_drafts_and_files_are_of_members_and_there(discussion):
    posts = [discussion, *discussion["replies"]]
    helped = [(post["author"], key) for post in posts for key in post.get("helpful", ())]
    poll = discussion.get("poll", {"votes": {}, "options": []})
    people = [key for _, key in helped] + [*poll["votes"], *discussion.get("drafts", {})]

    assert {(discussion["network"], key) for key in people} <= MEMBERS.keys()
    assert all(author != key for author, key in helped)
    assert all(place < len(poll["options"]) for chosen in poll["votes"].values() for place in chosen)
    assert all(demo.file(name) for post in posts for name in post.get("files", ()))
    assert all(post["was"].strip() != post["body"].strip() for post in posts if "was" in post)


def test_what_is_around_the_discussions_names_what_is_there():
    keys = {(row["network"], row["key"]) for row in DISCUSSIONS}
    reports = demo.surroundings("reports")
    people = [(row["network"], row["member"]) for row in demo.surroundings("wishes")]
    deciding = [(row["network"], row["decided"]["by"]) for row in reports if "decided" in row]

    assert {*people, *deciding, *((row["network"], row["by"]) for row in reports)} <= MEMBERS.keys()
    assert {(row["network"], row["discussion"]) for row in reports} <= keys
    assert all(row["name"] in NETWORKS[row["network"]]["categories"] for row in demo.surroundings("categories"))


@each_discussion
def test_discussion_says_something_in_a_category_of_its_network(discussion):
    assert discussion["kind"] in {"question", "discussion"}
    assert discussion["category"] in NETWORKS[discussion["network"]]["categories"]
    assert 10 <= len(discussion["title"]) <= 120
    assert len(discussion["body"]) > 150
    assert len(discussion["replies"]) <= 8
    assert all(reply["body"].strip() for reply in [*discussion["replies"], *away(discussion)])


@each_discussion
def test_discussion_time_runs_forwards_and_ends_yesterday(discussion):
    share = discussion.get("share")
    rows = [discussion, *discussion["replies"]]
    shared = [discussion, share, *away(discussion)] if share else []
    if "withdrawn_days_ago" in (share or {}):
        shared.append({"days_ago": share["withdrawn_days_ago"], "time": share["withdrawn_time"]})

    for run in [rows, shared]:
        moments = [demo.when(row) for row in run]
        assert moments == sorted(moments)
    for row in [*rows, *shared]:
        assert row["days_ago"] >= 1
        assert re.fullmatch(r"[012]\d:[0-5]\d", row["time"])


@each_discussion
def test_discussion_answers_and_unread_marks_fit_the_replies(discussion):
    replies = sorted([*discussion["replies"], *away(discussion)], key=demo.when)
    answered = [reply for reply in replies if reply.get("answer")]
    newest = {key: [row["author"] for row in replies[-count:]] for key, count in discussion["unread"].items()}

    assert not answered or discussion["kind"] == "question"
    assert all(reply["author"] != discussion["author"] for reply in answered)
    assert all(1 <= count <= len(replies) for count in discussion["unread"].values())
    assert not [key for key, authors in newest.items() if key in authors]


@each_shared
def test_discussion_share_follows_the_policy_and_cuts_what_is_there(discussion):
    share = discussion["share"]
    network = NETWORKS[discussion["network"]]

    assert share["identity"] in IDENTITIES
    assert {reply["identity"] for reply in away(discussion)} <= IDENTITIES
    assert discussion["category"] not in network["stays_here"]
    assert (share.get("state") == "awaiting_approval") == (discussion["category"] in network["approved_first"])
    assert share.get("state") != "awaiting_approval" or not away(discussion)
    assert (share.get("state") == "withdrawn") == ("withdrawn_days_ago" in share)
    for cut in share["redactions"]:
        assert cut in discussion["title"] + discussion["body"]


@each_supplier
def test_supplier_rows_belong_to_its_networks_and_their_members(supplier):
    rows = [*supplier["recommendations"], *supplier["notes"]]
    once = collections.Counter((row["network"], row["author"]) for row in supplier["recommendations"])

    assert supplier["category"] in NETWORKS["birmingham"]["categories"]
    assert re.fullmatch(r"https://[a-z]+\.example", supplier["website"])
    assert set(supplier["networks"]) <= set(NETWORKS)
    assert all(row["network"] in supplier["networks"] and (row["network"], row["author"]) in MEMBERS for row in rows)
    assert all(row["days_ago"] >= 1 for row in rows)
    assert not [author for author, count in once.items() if count > 1]
    assert supplier["recommendations"]


@each_supplier
def test_recommendation_marks_and_share(supplier):
    for row in supplier["recommendations"]:
        assert {row["response"], row["quality"], row["value"]} <= {1, 2, 3, 4, 5}
        assert isinstance(row["would_use_again"], bool)
        assert row.get("share", "named") in IDENTITIES
        assert 0 < row.get("withdrawn_days_ago", 1) < row["days_ago"]
        assert len(row["text"].split(". ")) >= 2


def test_opinions_differ():
    again = collections.Counter(row["would_use_again"] for row in RECOMMENDATIONS)
    kinds = collections.Counter(row["kind"] for row in DISCUSSIONS)
    marked = [any(reply.get("answer") for reply in [*row["replies"], *away(row)]) for row in DISCUSSIONS]

    assert again[False] >= 15
    assert kinds["discussion"] >= 8
    assert marked.count(True) >= 25
    assert (
        sum(row["kind"] == "question" and not answered for row, answered in zip(DISCUSSIONS, marked, strict=True)) >= 8
    )


def test_moment_is_local_time():
    assert demo.moment(dt.date(2026, 7, 3), days_ago=2, time="08:15").isoformat() == "2026-07-01T08:15:00+01:00"
    assert demo.moment(dt.date(2026, 1, 2), days_ago=2).isoformat() == "2025-12-31T12:00:00+00:00"
