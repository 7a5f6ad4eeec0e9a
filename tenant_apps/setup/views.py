"""The owners' page of what is left to do, and of the examples."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared_apps.core.flash import say
from tenant_apps.members.permissions import owner_required
from tenant_apps.setup import selectors, services


@require_safe
@owner_required
def checklist(request: Any) -> HttpResponse:
    """Everything there is to do, how it stands, and the examples."""
    tasks = selectors.tasks_of(request.member, request.network, hidden_too=True)
    context = {
        "tasks": tasks,
        "done": (done := sum(task.done for task in tasks)),
        "words": f"{done} of {len(tasks)} done",
        "is_hidden": selectors.is_hidden(),
        "examples": selectors.examples_here(),
        "crumbs": [("Organise", reverse("members:manage"))],
    }
    return render(request, "setup/checklist.html", context)


@require_POST
@owner_required
def hide(request: Any) -> HttpResponse:
    """Put the list away."""
    services.hide_checklist(is_hidden=True, by=request.member)
    say(request, "Put away. You find it again under Organise.", undo=reverse("setup:show"), label="Bring it back")
    return redirect("home:home")


@require_POST
@owner_required
def show(request: Any) -> HttpResponse:
    """Bring the list back."""
    services.hide_checklist(is_hidden=False, by=request.member)
    say(request, "The list is on the front page again, for owners, until all of it is done.")
    return redirect("setup:checklist")


@require_POST
@owner_required
def examples_add(request: Any) -> HttpResponse:
    """Put the examples back."""
    try:
        services.add_examples(by=request.member)
        say(request, "The examples are here. Nobody was told.")
    except services.SetupError as error:
        say(request, str(error), level=messages.ERROR)
    return redirect("setup:checklist")


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
def examples_remove(request: Any) -> HttpResponse:
    """Ask, then remove all examples; those in which members said something only when the owner says so."""
    if request.method == "POST":
        return _removed(request, with_members=request.POST.get("with_members") == "on")
    examples = selectors.examples_here()
    if not examples.titles:
        return redirect("setup:checklist")
    return render(request, "setup/examples_remove.html", {"examples": examples})


def _removed(request: Any, *, with_members: bool) -> HttpResponse:
    try:
        kept = services.remove_examples(with_members=with_members, by=request.member)
    except services.SetupError as error:
        say(request, str(error), level=messages.ERROR)
        return redirect("setup:checklist")
    if kept:
        say(request, f"Removed, but for {kept} in which members said something.")
    else:
        say(request, "The examples are removed.", undo=reverse("setup:examples_add"), label="Put them back")
    return redirect("setup:checklist")
