"""What a title and a text may be."""

from shared_apps.core.markdown import is_blank, tidy_line, tidy_text
from tenant_apps.discussions.services.errors import DiscussionError

MAX_TITLE_LENGTH = 200
MAX_BODY_LENGTH = 20_000


def clean_title(title: str) -> str:
    tidy = tidy_line(title)
    if is_blank(tidy):
        raise DiscussionError("Write a title.")
    if len(tidy) > MAX_TITLE_LENGTH:
        raise DiscussionError(f"A title has at most {MAX_TITLE_LENGTH} characters.")
    return tidy


def clean_body(body: str) -> str:
    tidy = tidy_text(body)
    if is_blank(tidy):
        raise DiscussionError("Write some text.")
    if len(tidy) > MAX_BODY_LENGTH:
        raise DiscussionError(f"A text has at most {MAX_BODY_LENGTH:,} characters.")
    return tidy
