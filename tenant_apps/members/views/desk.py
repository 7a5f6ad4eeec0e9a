"""The organisers' desk: what there is to do, members, invitations."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared_apps.accounts.permissions import ask_for_proof, proof_required
from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from shared_apps.core.navigation import desk_of
from shared_apps.mail.selectors import paused_addresses
from tenant_apps.members import permissions, selectors, services
from tenant_apps.members.adapters import figures, tasks_for
from tenant_apps.members.enums import Role
from tenant_apps.members.forms import DirectoryForm, InviteForm, RoleForm
from tenant_apps.members.models import Invitation, Member
from tenant_apps.members.permissions import organiser_required

PAGE_SIZE = 50

_CAN = {
    Role.OWNER: "Does everything, and decides who else is an owner",
    Role.ORGANISER: "Invites and removes members, sets up categories, sharing and branding",
    Role.MODERATOR: "Moves, locks and hides what people write",
    Role.MEMBER: "Asks, answers and recommends",
}
_MAY = {
    Role.OWNER: "They can do everything you can, and can make you a member.",
    Role.ORGANISER: "They can invite and remove members, and set up categories, sharing and branding.",
    Role.MODERATOR: "They can move, lock and hide what people write.",
    Role.MEMBER: "They can ask, answer and recommend, as every member does.",
}


@require_safe
@organiser_required
def manage(request: HttpRequest) -> HttpResponse:
    """What an organiser can do; how to set the network up, with what is not done yet first, until all of it is."""
    context = {
        "tasks": tasks_for(request),
        "members": selectors.count_members(),
        "invitations": len(selectors.open_invitations()),
        "links": desk_of(request),
        "figures": figures(),
    }
    return render(request, "members/manage.html", context)


@require_safe
@organiser_required
def manage_members(request: HttpRequest) -> HttpResponse:
    """Who is a member, who is invited, who has left."""
    search = DirectoryForm(request.GET).wanted()["search"]
    page = Paginator(selectors.directory(search=search), PAGE_SIZE).get_page(request.GET.get("page"))
    paused = paused_addresses(member.email for member in page)
    context = {
        "crumbs": _crumbs()[:1],
        "now": timezone.now(),
        "page": page,
        "search": search,
        "rows": [_row(request.member, member, is_unreachable=member.email.lower() in paused) for member in page],
        "invitations": selectors.open_invitations(),
        "former": [(each, permissions.can_reinstate(request.member, each)) for each in selectors.former_members()],
    }
    return render(request, "members/manage_members.html", context)


@require_http_methods(["GET", "POST"])
@organiser_required
def invite(request: HttpRequest) -> HttpResponse:
    """Invite many at once; lines with a problem stay in the box."""
    form = InviteForm(request.POST or None, by=request.member)
    if request.method != "POST" or not form.is_valid():
        return _invite_page(request, form)
    if form.cleaned_data["role"] != Role.MEMBER:  # as when a member is given that role
        ask_for_proof(request)
    addresses = form.addresses()
    problems = services.invite_members(emails=addresses, role=form.cleaned_data["role"], by=request.member)
    left, sent = form.with_problems(problems), len(addresses) - len(problems)
    if sent:
        say(request, f"{sent} {'invitation is' if sent == 1 else 'invitations are'} on the way.")
    if not left:
        return redirect("members:manage_members")
    again = {"emails": "\n".join(line.text for line in left), "role": form.cleaned_data["role"]}
    form = InviteForm(again, by=request.member)
    for line in left:
        form.add_error("emails", f"Line {line.number}: {line.problem}")
    return _invite_page(request, form)


@require_safe
@organiser_required
def member_role(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Choose a role, or go on to remove the member."""
    member = _member_or_404(member_id)
    form = RoleForm(by=request.member, member=member, initial={"role": member.role})
    can_remove = permissions.can_remove(request.member, member)
    can_reset = permissions.can_reset_second_step(request.member, member)
    context = {"form": form, "member": member, "can": _CAN, "can_remove": can_remove, "crumbs": _crumbs()}
    context["can_reset"] = can_reset
    return render(request, "members/role_form.html", context)


@require_http_methods(["GET", "POST"])
@organiser_required
@proof_required
def member_role_confirm(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Say what the new role means, then give it."""
    member = _member_or_404(member_id)
    form = RoleForm(request.GET, by=request.member, member=member)
    if not form.is_valid() or form.cleaned_data["role"] == member.role:
        return redirect("members:member_role", member_id=member_id)
    role = Role(form.cleaned_data["role"])
    if request.method == "POST":
        return _change_role(request, member, role)
    context = {
        "member": member,
        "may": _MAY[role],
        "action": request.get_full_path(),
        "title": f"Make {member.name} {_named(role)}?",
        "yes": f"Make {_first_name(member)} {_named(role)}",
        "no": f"Keep {_first_name(member)} as {member.get_role_display().lower()}",
    }
    return render(request, "members/role_confirm.html", context)


@require_http_methods(["GET", "POST"])
@organiser_required
def member_remove(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Ask, then remove a member; the message offers to undo it."""
    member = _member_or_404(member_id)
    if not permissions.can_remove(request.member, member):
        raise PermissionDenied(permissions.refusal(owners=member.role == Role.OWNER))
    if request.method != "POST":
        return _ask_to_remove(request, member)
    try:
        services.remove_member(member, by=request.member)
    except services.LastOwnerError as error:
        say(request, str(error), level=messages.ERROR)
    else:
        undo = reverse("members:member_reinstate", args=[member_id])
        say(request, f"{member.name} is removed and can no longer enter.", undo=undo)
    return redirect("members:manage_members")


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
@proof_required
def member_second_step(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Ask, then remove the second step of a member who lost their phone."""
    member = _member_or_404(member_id)
    if not permissions.can_reset_second_step(request.member, member):
        raise PermissionDenied(permissions.refusal(owners=True))
    if request.method != "POST":
        title = f"Remove the second step of {member.name}?"
        return render(request, "members/member_second_step.html", {"member": member, "title": title})
    with _allowed():
        services.reset_second_step(member, by=request.member)
    say(request, f"{member.name} signs in with a password or an emailed code again, and is told by email.")
    return redirect("members:manage_members")


@require_POST
@organiser_required
def member_reinstate(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Let a former member back in."""
    member = selectors.get_member(member_id)
    if member is None:
        raise Http404
    if not permissions.is_active(member):
        with _allowed():
            services.reinstate_member(member, by=request.member)
    say(request, f"{member.name} is a member again.")
    return redirect("members:manage_members")


@require_POST
@organiser_required
def invitation_resend(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Email a fresh link; the old one stops working."""
    invitation = _invitation_or_404(invitation_id)
    with _allowed():
        services.resend_invitation(invitation, by=request.member)
    say(request, f"A fresh invitation is on its way to {invitation.email}. The earlier link no longer works.")
    return redirect("members:manage_members")


@require_POST
@organiser_required
def invitation_revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Make a link worthless."""
    invitation = _invitation_or_404(invitation_id)
    with _allowed():
        services.revoke_invitation(invitation, by=request.member)
    say(request, f"The invitation to {invitation.email} no longer works.")
    return redirect("members:manage_members")


@contextmanager
def _allowed() -> Iterator[None]:
    """Answer a refusal with its words, and what somebody else did a moment ago with the page as it is now."""
    try:
        yield
    except services.NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except services.InvitationClosedError as error:
        raise Http404 from error


def _change_role(request: HttpRequest, member: Member, role: Role) -> HttpResponse:
    try:
        with _allowed():
            services.change_role(member, role=role, by=request.member)
    except services.LastOwnerError as error:
        say(request, str(error), level=messages.ERROR)
    else:
        say(request, f"{member.name} is now {_named(role)}.")
    return redirect("members:manage_members")


def _ask_to_remove(request: HttpRequest, member: Member) -> HttpResponse:
    first = _first_name(member)
    title = f"Remove {member.name} from this network?"
    context = {"member": member, "title": title, "yes": f"Remove {first}", "no": f"Keep {first}"}
    return render(request, "members/member_remove.html", context)


def _invite_page(request: HttpRequest, form: InviteForm) -> HttpResponse:
    context = {"form": form, "can": _CAN, "crumbs": _crumbs()}
    return render(request, "members/invite_form.html", context, status=status_of(form))


def _crumbs() -> list[tuple[str, str]]:
    return [("Organise", reverse("members:manage")), ("Invitations and roles", reverse("members:manage_members"))]


def _first_name(member: Member) -> str:
    return member.name.split()[0]


def _named(role: Role) -> str:
    return f"{'an' if role in (Role.OWNER, Role.ORGANISER) else 'a'} {role.label.lower()}"


def _row(by: Member, member: Member, *, is_unreachable: bool) -> dict[str, object]:
    roles = [role for role in Role.values if permissions.can_change_role(by, member, role)]
    return {"member": member, "can_change_role": bool(roles), "is_unreachable": is_unreachable}


def _member_or_404(member_id: UUID) -> Member:
    member = selectors.get_member(member_id)
    if permissions.is_active(member):
        return member
    raise Http404


def _invitation_or_404(invitation_id: UUID) -> Invitation:
    invitation = selectors.get_invitation(invitation_id)
    if invitation is None:
        raise Http404
    return invitation
