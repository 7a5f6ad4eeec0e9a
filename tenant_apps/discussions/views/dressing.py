"""What stands beside the words of a page's posts: files, who is named, and how many found it helpful."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

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
    if not page["form"].is_bound:
        page["form"].initial["body"] = marks.draft
    files = files_of([discussion.id, *(row["post"].id for row in rows if not row["post"].is_away)])
    page["files"] = _drawn(files.get(discussion.id, []), member)
    page["body"] = show_names(page["body"], marks.named[None])
    root = reverse("discussions:discussion_detail", args=[discussion.id])
    can_find = can_find_helpful(member, discussion)
    page["helpful"] = _helpful(root, discussion.helpful_count, None in marks.helpful, can_find)
    for row in rows:
        post = row["post"]
        can_find = not post.is_away and not post.is_by(member)
        row["files"] = [] if row["gone"] else _drawn(files.get(post.id, []), member)
        row["body"] = show_names(row["body"], marks.named[post.id])
        row["helpful"] = _helpful(f"{root}replies/{post.id}/", post.helpful_count, post.id in marks.helpful, can_find)
        row["begins_new"] = row["id"] == page["first_new"]
    return page


def _drawn(files: list[StoredFile], member: Member) -> list[dict[str, Any]]:
    return drawn_files(files, can_remove=lambda file: file.member_id == member.id or is_moderator(member))


def _helpful(root: str, count: int, is_mine: bool, can_find: bool) -> dict[str, Any]:
    return {"url": f"{root}helpful/", "count": count, "is_mine": is_mine, "can_find": can_find}
