"""Who may do what to members, invitations and branding."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeGuard

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shared_apps.accounts.permissions import lacks_proof as lacks_proof  # features know no accounts
from shared_apps.accounts.permissions import operator_required as operator_required  # features know no accounts
from shared_apps.accounts.permissions import proof_required as proof_required  # features know no accounts
from shared_apps.core.typed import signed_out_while_writing, typed_words
from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Member
from tenants.context import this_network
from tenants.permissions import is_read_only_here


def is_active(member: Member | None) -> TypeGuard[Member]:
    """Whether this is a member who may enter the network."""
    return member is not None and member.state == MemberState.ACTIVE


def can_write(member: Member | None) -> TypeGuard[Member]:
    """Whether this member may write, share and change what they wrote: who is suspended only reads.

    In a network that is read-only nobody writes, and who visits for support writes nowhere.
    """
    return is_active(member) and not (member.is_suspended or member.is_visiting or is_read_only_here())


def is_visitor(member: Member | None) -> TypeGuard[Member]:
    """Whether this is somebody of the platform who looks in for support, and is no member."""
    return is_active(member) and member.is_visiting


def is_owner(member: Member | None) -> bool:
    """Whether this member owns the network."""
    return is_active(member) and member.role == Role.OWNER


def is_organiser(member: Member | None) -> bool:
    """Whether this member organises the network: an owner does too."""
    return is_active(member) and member.role in (Role.OWNER, Role.ORGANISER)


def is_moderator(member: Member | None) -> bool:
    """Whether this member moderates: organisers and owners do too. Who visits for support sees what they see."""
    return (can_write(member) or is_visitor(member)) and member.role in (Role.OWNER, Role.ORGANISER, Role.MODERATOR)


def can_edit_branding(member: Member | None) -> bool:
    """Whether this member may change the network's colour and words."""
    return is_organiser(member)


def can_invite(by: Member | None, role: str = Role.MEMBER) -> bool:
    """Whether `by` may invite somebody to this role: only an owner makes owners."""
    return is_owner(by) if role == Role.OWNER else is_organiser(by)


def can_change_role(by: Member | None, member: Member, role: str) -> bool:
    """Whether `by` may give `member` this role: what touches an owner, or makes one, is for owners."""
    if not is_active(member) or role not in Role.values or role == member.role:
        return False
    return is_owner(by) if Role.OWNER in (role, member.role) else is_organiser(by)


def can_remove(by: Member | None, member: Member) -> bool:
    """Whether `by` may remove `member`: owners by owners only, nobody themselves (they leave)."""
    if not is_active(member) or by is None or by.id == member.id:
        return False
    return is_owner(by) if member.role == Role.OWNER else is_organiser(by)


def can_reset_second_step(by: Member | None, member: Member) -> bool:
    """Whether `by` may remove the second step of a member who lost it: an owner, and not another owner's."""
    return is_owner(by) and can_remove(by, member) and member.role != Role.OWNER


def can_reinstate(by: Member | None, member: Member) -> bool:
    """Whether `by` may let a removed member back in, with the role they had."""
    if is_active(member) or member.state == MemberState.LISTED:
        return False
    return is_owner(by) if member.role == Role.OWNER else is_organiser(by)


def can_edit_profile(by: Member | None, member: Member) -> bool:
    """Whether `by` may change this profile and its postings: only the person."""
    return is_active(by) and by.id == member.id


def can_introduce(by: Member | None, member: Member) -> bool:
    """Whether `by` may write about themselves for all to read; name, telephone and jobs are theirs even suspended."""
    return can_write(by) and by.id == member.id


def organises(request: HttpRequest) -> bool:
    """Whether who asks is an organiser here; for the navigation."""
    return is_organiser(getattr(request, "member", None))


View = Callable[..., HttpResponse]


def member_required(view: View) -> View:
    """Send a visitor who is not signed in to the sign-in page and back; answer 404 to an account that is no member."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if request.method == "POST" and (words := typed_words(request)):
                return signed_out_while_writing(request, words)
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if getattr(request, "member", None) is None:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


def writer_required(view: View) -> View:
    """As `member_required`, and tell a suspended member why there is no form, with what they had typed."""

    @wraps(view)
    @member_required
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_write(getattr(request, "member", None)):
            return cannot_write(request)
        return view(request, *args, **kwargs)

    return checked


def cannot_write(request: HttpRequest) -> HttpResponse:
    """Say plainly why there is no form: they visit for support, are suspended, or the network is read-only."""
    if is_visitor(getattr(request, "member", None)):
        return visitor_page(request)
    if is_read_only_here():
        return read_only_page(request)
    return render(request, "members/cannot_write.html", {"words": typed_words(request)}, status=403)


def read_only_page(request: HttpRequest) -> HttpResponse:
    """Say that the network is read-only, what was typed, and to members who can mend it."""
    is_over = this_network().is_over
    who = _owner_name() if getattr(request, "member", None) and not is_over else ""
    values = {"words": typed_words(request), "who": who, "is_over": is_over}
    return render(request, "members/read_only.html", values, status=403)


def visitor_page(request: HttpRequest) -> HttpResponse:
    """Say to who visits for support that they only look, with what they had typed."""
    return render(request, "members/visiting.html", {"words": typed_words(request)}, status=403)


def _owner_name() -> str:
    owners = Member.objects.filter(state=MemberState.ACTIVE, role=Role.OWNER)
    return owners.order_by("joined_at", "id").values_list("name", flat=True).first() or ""


def organiser_required(view: View) -> View:
    """As `member_required`, and answer 403 to a member who is no organiser, saying who can help."""

    @wraps(view)
    @member_required
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not organises(request):
            raise PermissionDenied(refusal())
        return view(request, *args, **kwargs)

    return checked


def owner_required(view: View) -> View:
    """As `member_required`, and answer 403 to a member who is no owner, saying who can help."""

    @wraps(view)
    @member_required
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_owner(getattr(request, "member", None)):
            raise PermissionDenied(refusal(owners=True))
        return view(request, *args, **kwargs)

    return checked


def refusal(*, owners: bool = False) -> str:
    """Return what a member reads who may not change something: it names somebody who can help."""
    role, who = (Role.OWNER, "owners") if owners else (Role.ORGANISER, "organisers")
    wanted = Member.objects.filter(state=MemberState.ACTIVE, role__in=(Role.OWNER, role))
    name = wanted.order_by("joined_at", "id").values_list("name", flat=True).first()
    return f"Only {who} can change this. {name} can help." if name else f"Only {who} can change this."


def caller(request: Any) -> Member:
    """Return the member for whom a program asks; raises PermissionDenied for an account that is no member here."""
    if request.member is None:
        raise PermissionDenied("Only members can use this.")
    return request.member


def calling_organiser(request: Any) -> Member:
    """Return the organiser for whom a program asks; raises PermissionDenied for everybody else, saying who can help."""
    if not is_organiser(caller(request)):
        raise PermissionDenied(refusal())
    return request.member


def calling_owner(request: Any) -> Member:
    """Return the owner for whom a program asks; raises PermissionDenied for everybody else, saying who can help."""
    if not is_owner(caller(request)):
        raise PermissionDenied(refusal(owners=True))
    return request.member
