"""The organisers' pages of email that could not simply be posted."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from shared_apps.mail.models import InboundMessage
from tenant_apps.members import services as members
from tenant_apps.members.permissions import organiser_required
from tenant_apps.notifications import services
from tenant_apps.notifications.inbound import keeping
from tenant_apps.notifications.inbound.forms import WhoseForm

PAGE_SIZE = 50
_DESK = ("Organise", "/manage/")
_LABELS = {"": "Waiting", "ignored": "Ignored", "sent-back": "Sent back", "discarded": "Discarded"}


@require_safe
@organiser_required
def mail_list(request: HttpRequest) -> HttpResponse:
    """List emails that were not posted, the waiting ones first."""
    show = request.GET.get("show", "")
    if show not in keeping.SHOWN:
        raise Http404
    page = Paginator(keeping.stored_emails(show), PAGE_SIZE).get_page(request.GET.get("page"))
    views = [
        {"label": label, "url": f"?show={name}" if name else "?", "current": name == show}
        for name, label in _LABELS.items()
    ]
    context = {"page": page, "views": views, "show": show, "crumbs": [_DESK]}
    return render(request, "notifications/mail_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def mail_detail(request: HttpRequest, inbound_id: UUID) -> HttpResponse:
    """Show what an email says, and let an organiser say whose it is."""
    row = found_or_404(keeping.get_email(inbound_id))
    choices = keeping.choices_of(row)
    form = WhoseForm(request.POST or None, initial={"member": choices.likely_member_id or ""})
    if request.method == "POST" and form.is_valid():
        try:
            services.give_address(row.id, form.chosen(), by=request.member)
        except services.EmailError as error:
            form.add_error("member", str(error))
        else:
            say(request, f"Done. Email from {row.from_address} is now {form.chosen().name}’s, and is being read again.")
            return redirect("notifications:mail_list")
    status = 422 if form.errors else 200
    return render(request, "notifications/mail_detail.html", _context(row, choices, form), status=status)


@require_POST
@organiser_required
def mail_discard(request: HttpRequest, inbound_id: UUID) -> HttpResponse:
    """Put a held email away."""
    undo = reverse("notifications:mail_restore", args=[inbound_id])
    return _done(request, inbound_id, services.discard_email, "Discarded. It is kept for 30 days.", undo=undo)


@require_POST
@organiser_required
def mail_restore(request: HttpRequest, inbound_id: UUID) -> HttpResponse:
    """Hold it again."""
    return _done(request, inbound_id, services.restore_email, "It waits again.")


@require_POST
@organiser_required
def mail_again(request: HttpRequest, inbound_id: UUID) -> HttpResponse:
    """Read it again."""
    return _done(request, inbound_id, services.retry_email, "It is being read again.")


@require_POST
@organiser_required
def mail_invite(request: HttpRequest, inbound_id: UUID) -> HttpResponse:
    """Invite the sender; the email waits until they have joined."""
    row = found_or_404(keeping.get_email(inbound_id))
    try:
        members.invite_member(email=row.from_address, by=request.member)
    except (members.AlreadyMemberError, members.AlreadyInvitedError, members.NotAllowedError) as error:
        say(request, str(error), level=messages.ERROR)
    else:
        say(request, f"Invited {row.from_address}. The email waits here, and is posted when they have joined.")
    return redirect("notifications:mail_detail", inbound_id)


def _done(
    request: HttpRequest, inbound_id: UUID, act: Callable[..., None], words: str, *, undo: str = ""
) -> HttpResponse:
    found_or_404(keeping.get_email(inbound_id))
    try:
        act(inbound_id, by=request.member)
    except services.EmailError as error:
        say(request, str(error), level=messages.INFO)
    else:
        say(request, words, undo=undo)
    return redirect("notifications:mail_list")


def _context(row: InboundMessage, choices: keeping.Choices, form: WhoseForm) -> dict:
    return {
        "mail": row,
        "original": keeping.as_it_came(row),
        "form": form,
        "choices": choices,
        "crumbs": [_DESK, ("Email", reverse("notifications:mail_list"))],
    }
