"""The page behind the link at the foot of an email."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tenant_apps.notifications import selectors, services


@csrf_exempt  # RFC 8058: a mail program posts here without cookies; the signature in the address is the permission
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET, because mail scanners open every link; stop, or begin again, on POST."""
    host = request.get_host().rsplit(":", 1)[0].lower()
    wish = selectors.wish_of(token, network=request.network, host=host)
    if wish is None:
        raise Http404
    state = "asking"
    if request.method == "POST":
        again = request.POST.get("do") == "follow"
        act, state = (services.follow, "following") if again else (services.unfollow, "stopped")
        act(wish.member, kind=wish.kind, object_id=wish.object_id)
    return render(request, "notifications/unsubscribe.html", {"kind": wish.kind, "state": state})
