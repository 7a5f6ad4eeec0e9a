"""Becoming a member by an invitation: the address is shown to be one's own by a code, then a few details.

Opening the link changes nothing; mail scanners open every link.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from shared_apps.accounts import services as accounts
from shared_apps.accounts.enums import Strength
from shared_apps.accounts.models import User
from shared_apps.accounts.selectors import account_of_email, has_shown_address, ways_in
from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from shared_apps.requests.selectors import name_of_asker
from shared_apps.schools.selectors import search_schools
from tenant_apps.members import permissions, selectors, services
from tenant_apps.members.forms import CodeForm, JoinForm, SchoolSearchForm
from tenant_apps.members.models import Invitation

_PROOF = "members.join"
_PROOF_LASTS = timedelta(minutes=60)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Say who invites to what; a POST emails a code to the invited address."""
    invitation = selectors.invitation_of(token)
    if request.member and invitation and invitation.accepted_by_id == request.member.id:
        return redirect("/")
    if not _is_open(invitation):
        return _closed(request, invitation)
    if _proved_email(request, invitation):
        return redirect("members:join_school", token=token)
    if request.method == "POST":
        return _send_code(request, invitation, token)
    ways = {"ways_in": ways_in(request, request.path, only_address=True)}
    return render(request, "members/join.html", _facts(invitation, token) | ways)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_code(request: HttpRequest, token: str) -> HttpResponse:
    """Take the code."""
    invitation = selectors.invitation_of(token)
    if not _is_open(invitation):
        return _closed(request, invitation)
    if not invitation.code_hash:
        return redirect("members:join", token=token)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.check_code(invitation, form.cleaned_data["code"])
        except services.WrongCodeError as error:
            form.add_error("code", str(error))
        else:
            _remember_proof(request, invitation)
            return redirect("members:join_school", token=token)
    return render(request, "members/join_code.html", _facts(invitation, token) | {"form": form}, status=status_of(form))


@never_cache
@require_safe
def join_school(request: HttpRequest, token: str) -> HttpResponse:
    """Find the school one works at."""
    invitation = selectors.invitation_of(token)
    if not _is_open(invitation) or not _proved_email(request, invitation):
        return redirect("members:join", token=token)
    query = SchoolSearchForm(request.GET).query()
    details = reverse("members:join_details", args=[token])
    context = {
        "query": query,
        "schools": search_schools(query) if query else [],
        "back": details,
        "back_label": "Leave it out for now",
        "here": details,
        "layout": "base/door.html",
    }
    return render(request, "members/school_pick.html", context)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_details(request: Any, token: str) -> HttpResponse:
    """Ask for name, school and password, and then let the person in."""
    invitation = selectors.invitation_of(token)
    if not _is_open(invitation):
        return _closed(request, invitation)
    email = _proved_email(request, invitation)
    if not email:
        return redirect("members:join", token=token)
    account = account_of_email(email)
    name = account.name if account else name_of_asker(request.network, email)
    form = _join_form(request, account, name)
    if request.method == "POST" and form.is_valid():
        return _accept(request, invitation, email, form)
    context = {"form": form, "school": form.chosen(), "pick": reverse("members:join_school", args=[token])}
    return render(request, "members/join_details.html", _facts(invitation, token) | context, status=status_of(form))


def _join_form(request: HttpRequest, account: User | None, name: str) -> JoinForm:
    ask_password = account is None or not account.has_usable_password()
    if request.method == "POST":
        return JoinForm(request.POST, ask_password=ask_password)
    carried = JoinForm(request.GET, ask_password=False).carried()
    initial = {"name": name} | {field: value for field, value in carried.items() if value}
    return JoinForm(initial=initial, ask_password=ask_password)


def _accept(request: HttpRequest, invitation: Invitation, email: str, form: JoinForm) -> HttpResponse:
    try:
        account, member = services.accept_invitation(
            invitation,
            proved_email=email,
            name=form.cleaned_data["name"],
            password=form.cleaned_data.get("password", ""),
            school=form.chosen(),
            job_title=form.cleaned_data["job_title"],
            via=request.actor.via,
            address=request.actor.address,
        )
    except services.InvitationClosedError:
        return _closed(request, None)
    request.session.pop(_PROOF, None)
    accounts.begin_session(request, account, strength=Strength.CODE)
    if permissions.is_owner(member):
        say(request, f"Welcome, {member.name}. {request.network.name} is yours to run. Begin here.")
        return redirect("members:manage")
    say(request, f"Welcome, {member.name}. You are a member of {request.network.name}.")
    return redirect("/")


def _send_code(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    try:
        services.send_code(invitation)
    except services.CodeLimitError as error:
        return render(
            request, "members/join.html", _facts(invitation, token) | {"problems": [{"text": str(error)}]}, status=429
        )
    return redirect("members:join_code", token=token)


def _is_open(invitation: Invitation | None) -> bool:
    return invitation is not None and selectors.is_open(invitation, timezone.now())


def _closed(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    """One page for a link that is unknown, used or revoked, so that a guess learns nothing; another for an old one."""
    ran_out = invitation is not None and selectors.is_pending(invitation)
    return render(request, "members/join_closed.html", {"ran_out": ran_out}, status=410 if ran_out else 404)


def _facts(invitation: Invitation, token: str) -> dict[str, object]:
    return {"invitation": invitation, "token": token, "shown_email": _shown(invitation.email)}


def _shown(email: str) -> str:
    """Tell the invited which of their addresses it is, and others no address."""
    name, _, domain = email.partition("@")
    return f"{name[0]}{'•' * 5}@{domain}"


def _remember_proof(request: HttpRequest, invitation: Invitation) -> None:
    request.session[_PROOF] = {"invitation": str(invitation.id), "at": timezone.now().timestamp()}


def _proved_email(request: HttpRequest, invitation: Invitation) -> str:
    """Return the invited address where this person has shown that it is theirs: by a code, an account or Google."""
    if request.user.is_authenticated and request.user.email == invitation.email:
        return invitation.email
    if has_shown_address(request, invitation.email):
        return invitation.email
    proof = request.session.get(_PROOF) or {}
    fresh = proof.get("at", 0) > (timezone.now() - _PROOF_LASTS).timestamp()
    return invitation.email if fresh and proof["invitation"] == str(invitation.id) else ""
