"""Pages of service notes, which only their author and colleagues at the same school ever see."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from shared_apps.core.flash import say
from tenant_apps.members.permissions import member_required
from tenant_apps.suppliers import selectors, services
from tenant_apps.suppliers.forms import NoteForm
from tenant_apps.suppliers.models import ServiceNote, Supplier
from tenant_apps.suppliers.permissions import can_edit_note
from tenant_apps.suppliers.views.parts import crumbs_of, fill_errors, status_of, supplier_or_404, who_sees

PAGE_SIZE = 30


@require_GET
@member_required
def note_list(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """Show the notes on one supplier that this member may read."""
    supplier = supplier_or_404(supplier_id)
    found = selectors.notes(request.member, supplier, on=timezone.localdate())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "supplier": supplier,
        "page": page,
        "crumbs": crumbs_of(supplier),
        "heading": f"Notes on {supplier.name}",
        "who": "Yours, and those of colleagues at your school. Nobody else sees them, and they are never shared.",
    }
    return render(request, "suppliers/note_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def note_new(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """Keep a note for oneself and one's school."""
    supplier, today = supplier_or_404(supplier_id), timezone.localdate()
    postings = selectors.current_postings(request.member, on=today)
    form = NoteForm(request.POST or None, initial={"happened_on": today}, postings=postings)
    if request.method == "POST" and form.is_valid() and _added(form, supplier, request):
        say(request, "Kept. It stays in your school.")
        return redirect("suppliers:supplier_detail", supplier.id)
    who = who_sees([each.school_name for each in postings if each.school_id])
    context = {"form": form, "supplier": supplier, "who": who, "crumbs": crumbs_of(supplier)}
    return render(request, "suppliers/note_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def note_edit(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Change one's own note."""
    note = _own_note_or_404(request, note_id)
    form = NoteForm(request.POST or None, initial=NoteForm.initial_of(note), postings=[])
    if request.method == "POST" and form.is_valid() and _edited(form, note, request):
        say(request, "Saved. It stays in your school.")
        return redirect("suppliers:note_list", note.supplier_id)
    who = who_sees([note.school_name] if note.school_name else [])
    context = {"form": form, "supplier": note.supplier, "note": note, "who": who, "crumbs": crumbs_of(note.supplier)}
    return render(request, "suppliers/note_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def note_remove(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Ask, then remove one's own note."""
    note = _own_note_or_404(request, note_id)
    if request.method == "POST":
        services.remove_note(note, by=request.member)
        say(request, "Note removed.")
        return redirect("suppliers:note_list", note.supplier_id)
    return render(request, "suppliers/note_remove.html", {"note": note, "supplier": note.supplier})


def _own_note_or_404(request: HttpRequest, note_id: UUID) -> ServiceNote:
    note = selectors.get_note(note_id, request.member, on=timezone.localdate())
    if note is None or not can_edit_note(request.member, note):
        raise Http404
    return note


def _added(form: NoteForm, supplier: Supplier, request: HttpRequest) -> bool:
    try:
        services.add_note(supplier, **form.values(), by=request.member)
    except services.SupplierError as error:
        fill_errors(form, error)
    return form.is_valid()


def _edited(form: NoteForm, note: ServiceNote, request: HttpRequest) -> bool:
    values = form.values()
    try:
        services.edit_note(note, happened_on=values["happened_on"], text=values["text"], by=request.member)
    except services.SupplierError as error:
        fill_errors(form, error)
    return form.is_valid()
