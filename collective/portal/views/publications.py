"""Pages of a publication: reading it, and answering from another network."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from collective.portal import selectors, services
from collective.portal.forms import EditReplyForm, ReplyForm
from collective.portal.permissions import reader_required
from collective.portal.selectors import PAGE_SIZE
from collective.portal.views.drawing import hit, kind_words, recommendation, reply_url
from collective.publications import selectors as publications
from collective.publications import services as publishing
from collective.publications.enums import Identity
from collective.publications.models import Publication, PublicationReply
from collective.publications.permissions import can_reply
from shared_apps.core.flash import say
from shared_apps.core.markdown import render_markdown


@require_http_methods(["GET", "HEAD", "POST"])
@reader_required
def publication_detail(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """Show one publication with its replies, and take a reply from another network."""
    publication = publications.get_visible_publication(publication_id, network_id=request.acting.id)
    if publication is None:
        return _gone(request)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answered = _replied(request, publication, form)
        if answered:
            return answered
    context = _publication_page(request, publication, form)
    return render(request, "portal/publication_detail.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reader_required
def reply_edit(request: HttpRequest, reply_id: UUID) -> HttpResponse:
    """Change one's own answer."""
    answer = _own_reply_or_404(request, reply_id)
    _publication_or_404(request, answer.publication_id)
    form = EditReplyForm(request.POST or None, initial={"body": answer.body})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_reply(answer, body=form.cleaned_data["body"], acting=request.acting, by=request.actor)
        except publishing.ReplyRefusedError as error:
            form.add_error("body", str(error))
        except publishing.PublicationGoneError:
            return _gone_home(request)
        else:
            return redirect(reply_url(answer))
    context = {"form": form, "answer": answer, "back": reply_url(answer)}
    return render(request, "portal/reply_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reader_required
def reply_withdraw(request: HttpRequest, reply_id: UUID) -> HttpResponse:
    """Ask, then take back one's own answer."""
    answer = _own_reply_or_404(request, reply_id)
    if request.method == "POST":
        try:
            services.withdraw_reply(answer, by=request.actor)
        except publishing.PublicationGoneError:
            return _gone_home(request)
        say(request, "Taken back. Nobody can see your answer now.")
        return redirect("portal:answers")
    context = {"answer": answer, "body": render_markdown(answer.body), "back": reverse("portal:answers")}
    return render(request, "portal/reply_withdraw.html", context)


@require_safe
@reader_required
def waiting(request: HttpRequest) -> HttpResponse:
    """Show questions of other networks that nobody has answered yet, the longest waiting first."""
    page = Paginator(publications.waiting_questions(request.acting.id), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "hits": [hit(selectors.plain_result(each)) for each in page]}
    return render(request, "portal/waiting.html", context)


def _publication_page(request: HttpRequest, publication: Publication, form: ReplyForm) -> dict:
    kind, state, icon = kind_words(publication)
    replies = publications.visible_replies(publication.id, network_id=request.acting.id)
    return {
        "publication": publication,
        "kind": kind,
        "kind_state": state,
        "kind_icon": icon,
        "origin": publication.shown_network or publication.shown_region,
        "colour": publication.origin.colour if publication.shown_network else "",
        "author": selectors.shown_name(publication.shown_name, publication.shown_network),
        "role": publication.shown_role,
        "body": render_markdown(publication.body),
        "recommendation": recommendation(publication) if publication.supplier_key else None,
        "replies": [_reply(each, request) for each in replies],
        "form": form,
        "cards": _identity_cards(request),
        "may_reply": can_reply(request.acting.id, publication),
        "is_home": publication.origin_id == request.acting.id,
        "home_url": selectors.way_home(request.acting, f"/sharing/{publication.id}/"),
        "crumbs": [("Search", reverse("portal:search"))],
    }


def _identity_cards(request: HttpRequest) -> dict[str, str]:
    cards = {}
    for identity in Identity:
        shown = services.shown_person(request.acting, identity)
        words = [shown.get(name, "") for name in ("shown_name", "shown_role", "shown_network")]
        cards[identity] = ", ".join(filter(None, words)) or selectors.shown_name("", "")
    return cards


def _reply(reply: PublicationReply, request: HttpRequest) -> dict:
    name = selectors.shown_name(reply.shown_name, reply.shown_network)
    return {
        "id": f"reply-{reply.id}",
        "reply": reply,
        "name": name,
        "label": f"Reply by {name}",
        "body": render_markdown(reply.body),
        "mine": reply.account_id == request.user.pk,
        "answer_by": "the person who asked" if reply.is_answer else "",
    }


def _replied(request: HttpRequest, publication: Publication, form: ReplyForm) -> HttpResponse | None:
    try:
        made = services.reply(publication, **form.cleaned_data, acting=request.acting, by=request.actor)
    except publishing.ReplyRefusedError as error:
        form.add_error("body", str(error))
        return None
    except publishing.PublicationGoneError:
        return _gone(request)
    say(request, "Posted. The person who asked sees it in their own network.")
    return redirect(reply_url(made))


def _gone(request: HttpRequest) -> HttpResponse:
    """Say that it is not here; what somebody wrote while it was taken back is given back to them."""
    written = request.POST.get("body", "")
    if not written.strip():
        raise Http404
    return render(request, "portal/gone.html", {"written": written}, status=404)


def _gone_home(request: HttpRequest) -> HttpResponse:
    """Tell an author whose answer has gone home in the meantime where to go on."""
    say(
        request,
        "The question was withdrawn. You find your answer below, where you can have it removed.",
        level=messages.INFO,
    )
    return redirect("portal:answers")


def _publication_or_404(request: HttpRequest, publication_id: UUID) -> Publication:
    publication = publications.get_visible_publication(publication_id, network_id=request.acting.id)
    if publication is None:
        raise Http404
    return publication


def _own_reply_or_404(request: HttpRequest, reply_id: UUID) -> PublicationReply:
    reply = publications.get_reply(reply_id, account_id=request.user.pk)
    if reply is None:
        raise Http404
    return reply
