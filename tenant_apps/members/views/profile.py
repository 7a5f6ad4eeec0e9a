"""What members keep about themselves."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from shared_apps.schools.selectors import search_schools
from tenant_apps.members import selectors, services
from tenant_apps.members.forms import EndPostingForm, PostingForm, ProfileForm, SchoolSearchForm
from tenant_apps.members.permissions import can_introduce, member_required


@require_safe
@member_required
def me(request: HttpRequest) -> HttpResponse:
    """Go to one's own page, whose address holds an id."""
    return redirect("members:member_detail", member_id=request.member.id)


@require_http_methods(["GET", "POST"])
@member_required
def profile_edit(request: HttpRequest) -> HttpResponse:
    """Change one's own details."""
    member = request.member
    fields = ("name", "phone", "ask_me_about", "about")
    initial, may_introduce = {name: getattr(member, name) for name in fields}, can_introduce(member, member)
    form = ProfileForm(request.POST or None, initial=initial, may_introduce=may_introduce)
    if request.method == "POST" and form.is_valid():
        services.update_profile(member, **form.cleaned_data, by=member)
        say(request, "Your details are saved.")
        return redirect("members:member_detail", member_id=member.id)
    context = {"form": form, "crumbs": _my_crumbs()[:-1]}
    return render(request, "members/profile_form.html", context, status=status_of(form))


@require_safe
@member_required
def posting_list(request: HttpRequest) -> HttpResponse:
    """Every job one has, or had."""
    context = {"postings": selectors.postings_of(request.member), "crumbs": _my_crumbs()[:-1]}
    return render(request, "members/posting_list.html", context)


@require_http_methods(["GET", "POST"])
@member_required
def posting_add(request: HttpRequest) -> HttpResponse:
    """Find the school, then say what the job is."""
    held = [each for each in selectors.postings_of(request.member) if each.active_to is None]
    form = PostingForm(request.POST if request.method == "POST" else request.GET, held=held)
    chosen = form.chosen()
    if chosen is None:
        return _find_school(request)
    if request.method == "POST" and form.is_valid() and _added(request, form):
        say(request, f"{chosen.name} is added.")
        return redirect("members:posting_list")
    if request.method != "POST":
        form = PostingForm(initial=form.carried() | {"active_from": timezone.localdate()}, held=held)
    context = {"form": form, "school": chosen, "crumbs": _my_crumbs()}
    return render(request, "members/posting_form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@member_required
def posting_end(request: HttpRequest, posting_id: UUID) -> HttpResponse:
    """Say when a job ended."""
    posting = selectors.get_posting(request.member, posting_id)
    if posting is None or posting.active_to is not None:
        raise Http404
    form = EndPostingForm(request.POST or None, initial={"last_day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_posting(posting, last_day=form.cleaned_data["last_day"], by=request.member)
        except services.PostingDatesError as error:
            form.add_error("last_day", str(error))
        else:
            say(request, f"{posting.school_name} is now among your earlier jobs.")
            return redirect("members:posting_list")
    context = {"form": form, "posting": posting, "crumbs": _my_crumbs()}
    return render(request, "members/posting_end.html", context, status=status_of(form))


def _my_crumbs() -> list[tuple[str, str]]:
    names = (("Members", "member_list"), ("You", "me"), ("Your jobs", "posting_list"))
    return [(label, reverse(f"members:{name}")) for label, name in names]


def _added(request: HttpRequest, form: PostingForm) -> bool:
    try:
        services.add_posting(
            request.member,
            school=form.chosen(),
            job_title=form.cleaned_data["job_title"],
            active_from=form.cleaned_data["active_from"],
            replaces=form.replaced(),
            by=request.member,
        )
    except services.PostingDatesError as error:
        form.add_error("active_from", str(error))
        return False
    return True


def _find_school(request: HttpRequest) -> HttpResponse:
    query = SchoolSearchForm(request.GET).query()
    context = {
        "query": query,
        "schools": search_schools(query) if query else [],
        "crumbs": _my_crumbs(),
        "back": reverse("members:posting_list"),
        "back_label": "Back to your jobs",
        "here": request.path,
    }
    return render(request, "members/school_pick.html", context)
