"""The panel beside a shareable thing: `{% load sharing %}{% share_panel "discussion" discussion.id %}`."""

from typing import Any
from uuid import UUID

from django import template

from tenant_apps.sharing.views.panel import panel_of

register = template.Library()


@register.inclusion_tag("sharing/_panel.html", takes_context=True)
def share_panel(context: dict[str, Any], kind: str, source_id: UUID) -> dict[str, Any]:
    """How a thing stands with the Collective, and what who looks at it may do; nothing for those who may do nothing."""
    request = context["request"]
    return {**panel_of(request.member, request.network, kind, source_id), "csrf_token": context.get("csrf_token")}
