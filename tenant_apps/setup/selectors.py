"""What is left to do in a network, worked out from how it stands, and what examples are in it."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils import timezone

from shared_apps.audit.models import Event
from shared_apps.billing.enums import State
from shared_apps.billing.models import Subscription
from shared_apps.billing.selectors import covered_until, subscription_of
from shared_apps.core.when import short_day
from shared_apps.mail.enums import InboundState
from shared_apps.mail.models import InboundMessage
from tenant_apps.discussions import selectors as discussions
from tenant_apps.discussions.models import Discussion
from tenant_apps.members import selectors as members
from tenant_apps.members.models import Branding, Invitation, Member
from tenant_apps.members.permissions import is_organiser, is_owner, is_visitor
from tenant_apps.setup.models import Checklist
from tenant_apps.suppliers import selectors as suppliers
from tenants.models import Network
from tenants.schema import current_release

ENOUGH_MEMBERS = 5
"""Who have joined before the first task counts as done."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do; `state` says in words how it stands while it is not done."""

    key: str
    title: str
    why: str
    url: str
    done: bool
    state: str = ""


@dataclass(frozen=True, slots=True)
class Examples:
    """The titles of the examples that are here; `used` are those in which members said something of their own."""

    titles: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)

    @property
    def unused(self) -> list[str]:
        """Return those in which no member said anything."""
        return [title for title in self.titles if title not in self.used]


_TASKS = {  # what to do, what comes of it, and where
    "members": (
        f"Invite members until {ENOUGH_MEMBERS} have joined",
        "Paste their email addresses; each gets a link.",
        "members:invite",
    ),
    "branding": (
        "Choose the network’s colour and welcome",
        "Members see at once whose room they are in.",
        "members:branding",
    ),
    "categories": (
        "Make the categories your own",
        "Rename, add or put away; a category can begin a question with words of yours.",
        "discussions:category_list",
    ),
    "policy": (
        "Decide what may leave the network",
        "Read the rules of sharing and save them, changed or as they are.",
        "sharing:manage",
    ),
    "discussion": (
        "Start the first discussion",
        "Nobody likes to speak first in an empty room.",
        "discussions:discussion_new",
    ),
    "organiser": (
        "Find a second organiser",
        "Somebody looks after the network while you are away.",
        "members:manage_members",
    ),
    "profile": (
        "Say what you can help with",
        "“Ask me about” is what others search the directory for.",
        "members:profile_edit",
    ),
    "email": (
        "Write to the network by email once",
        "Each category has an address; members can ask and reply without signing in.",
        "discussions:category_list",
    ),
    "second-step": (
        "Set up your second step to sign in",
        "A passkey or an app. Owners must have one.",
        "mfa_index",
    ),
    "plan": (
        "Choose a plan",
        "By card, by invoice with a purchase order number, or sponsored.",
        "plan:plan",
    ),
    "examples": (
        "Remove the examples",
        "When members have had their look, and there is something real to read.",
        "setup:examples_remove",
    ),
}


def is_hidden() -> bool:
    """Whether owners have put the list away."""
    return Checklist.objects.filter(hidden_at__isnull=False).exists()


def tasks_of(member: Member, network: Network, *, hidden_too: bool = False) -> list[Task]:
    """Return what there is to do, what is not done first; nothing once all of it is done, or the list is put away.

    Organisers who own nothing have the tasks that they can do, and who visits for support none. A network that waits
    for this release has no list yet, and one that closes none any more.
    """
    sets_up = is_organiser(member) and not is_visitor(member) and network.release == current_release()
    if not sets_up or (not hidden_too and (network.closes_at is not None or is_hidden())):
        return []
    done, states = _standing(member)
    if is_owner(member):
        _add_owners(done, states, member, network)
    else:
        del done["examples"]
    tasks = [_task(key, is_done=done[key], state=states.get(key, "")) for key in _TASKS if key in done]
    return [] if all(done.values()) and not hidden_too else sorted(tasks, key=lambda task: task.done)


def examples_here() -> Examples:
    """Return the examples of this network, and which of them members have used."""
    titles = [*_titles(discussions.examples()), *_titles(suppliers.examples(), "name")]
    used = [*_titles(discussions.answered_examples()), *_titles(suppliers.used_examples(), "name")] if titles else []
    return Examples(titles, used)


def has_examples() -> bool:
    """Whether there is an example in this network."""
    return discussions.examples().exists() or suppliers.examples().exists()


def _standing(member: Member) -> tuple[dict[str, bool], dict[str, str]]:
    """Return which tasks are done, and words for the others, in two queries; what was decided is in the log."""
    facts: dict[str, Any] = dict(
        Member.objects.filter(id=member.id)
        .values(
            invited=Exists(Invitation.objects.exclude(invited_by=None)),
            branding=Exists(Branding.objects.all()),
            policy=Exists(Event.objects.filter(target_kind="sharing.policy")),
            categories=Exists(Event.objects.filter(target_kind="discussions.category")),
            organiser=Exists(members.organising().exclude(id=member.id)),
            discussion=Exists(Discussion.objects.filter(archive=None).exclude(discussions.MADE_UP)),
            by_email=Exists(InboundMessage.objects.filter(state=InboundState.POSTED)),
            made_up=Exists(discussions.examples()),
            made_up_supplier=Exists(suppliers.examples()),
        )
        .get()
    )
    joined, invited = members.count_members(), facts.pop("invited")
    facts["examples"] = not (facts.pop("made_up") | facts.pop("made_up_supplier"))
    facts["email"] = facts.pop("by_email")
    facts |= {"members": joined >= ENOUGH_MEMBERS, "profile": bool(member.ask_me_about)}
    words = f"{joined} of {ENOUGH_MEMBERS}" if joined > 1 else "Invited" if invited else ""
    return facts, {"members": words}


def _add_owners(done: dict[str, bool], states: dict[str, str], member: Member, network: Network) -> None:
    """Add what only an owner can do; the removal of examples is no task where there were none."""
    subscription = subscription_of(network)
    done["plan"] = subscription is not None and _has_plan(subscription)
    done["second-step"] = members.has_second_step(member)
    if subscription is not None:
        ends, today = timezone.localdate(subscription.trial_ends_at), timezone.localdate()
        is_free = subscription.state == State.TRIAL
        states["plan"] = f"Free until {short_day(ends, today)}" if is_free else subscription.get_state_display()
    if done["examples"] and not network.begins_with_examples:
        del done["examples"]


def _has_plan(subscription: Subscription) -> bool:
    """Whether somebody pays, or did: a trial that ran out is overdue, and nobody chose anything."""
    if subscription.state in (State.TRIAL, State.ACTIVE):
        return subscription.state == State.ACTIVE
    return covered_until(subscription) > subscription.trial_ends_at


def _task(key: str, *, is_done: bool, state: str) -> Task:
    title, why, place = _TASKS[key]
    return Task(key, title, why, reverse(place, urlconf="config.urls.network"), is_done, state)


def _titles(found: QuerySet[Any], name: str = "title") -> list[str]:
    return list(found.values_list(name, flat=True))
