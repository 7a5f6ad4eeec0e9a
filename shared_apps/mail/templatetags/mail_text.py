"""Filters for the text parts of messages."""

from django import template

register = template.Library()


@register.filter
def quoted(text: str) -> str:
    """Put `> ` before each line, as mail programs do."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())
