"""What stands beside the words of a page's posts: files, who is named, and how many found it helpful."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shared_apps.core.templatetags.sbm import icon
from tenant_apps.discussions.mentioning import show_names
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.permissions import can_find_helpful
from tenant_apps.discussions.selectors.marks import marks_of
from tenant_apps.files.drawing import drawn_files
from tenant_apps.files.models import StoredFile
from tenant_apps.files.selectors import files_of
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_moderator


def dress(page: dict[str, Any], discussion: Discussion, request: HttpRequest) -> dict[str, Any]:
    """Return the page with what belongs to its opening, its rows and its form; two queries, however many rows."""
    rows, member = page["posts"], request.member
    marks = marks_of(discussion, member)
    page["draft"] = marks.draft
    page["saved_at"] = request.POST.get("saved_at", marks.draft_saved_at)
    if not page["form"].is_bound:
        page["form"].initial["body"] = marks.draft
    files = files_of([discussion.id, *(row["post"].id for row in rows if not row["post"].is_away)])
    page["files"] = _drawn(files.get(discussion.id, []), member)
    page["body"] = show_names(page["body"], marks.named[None])
    root, drawing = reverse("discussions:discussion_detail", args=[discussion.id]), HelpfulDrawing(get_token(request))
    can_find = can_find_helpful(member, discussion)
    page["helpful"] = drawing.of(root, discussion.helpful_count, None in marks.helpful, can_find)
    for row in rows:
        post = row["post"]
        can_find = not post.is_away and not post.is_by(member)
        row["files"] = [] if row["gone"] else _drawn(files.get(post.id, []), member)
        row["body"] = show_names(row["body"], marks.named[post.id])
        is_mine = post.id in marks.helpful
        row["helpful"] = drawing.of(f"{root}replies/{post.id}/", post.helpful_count, is_mine, can_find)
        row["begins_new"] = row["id"] == page["first_new"]
    return page


def _drawn(files: list[StoredFile], member: Member) -> list[dict[str, Any]]:
    return drawn_files(files, can_remove=lambda file: file.member_id == member.id or is_moderator(member))


class HelpfulDrawing:
    """Draws whether something helped. A page draws it 500 times, which takes a template longer than all else."""

    def __init__(self, token: str) -> None:
        self._icon = icon("hand-thumbs-up")
        self._token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)

    def of(self, root: str, count: int, is_mine: bool, can_find: bool) -> SafeString:
        """Return a button that says so or takes it back, with a count; the count alone under one's own words."""
        if can_find:
            shown = format_html(' <span class="num">{}</span>', count) if count else ""
            pressed, value = ("true", "false") if is_mine else ("false", "true")
            return format_html(_BUTTON, f"{root}helpful/", self._token, pressed, value, self._icon, shown)
        people = "1 person" if count == 1 else f"{count:,} people"
        return format_html(_COUNT, self._icon, people) if count else SafeString("")


_BUTTON = (
    '<form class="d-inline" method="post" action="{}">{}<button type="submit" class="act" aria-pressed="{}"'
    ' name="helpful" value="{}">{}Helpful{}</button></form>'
)
_COUNT = '<span class="act">{}{} found this helpful</span>'
