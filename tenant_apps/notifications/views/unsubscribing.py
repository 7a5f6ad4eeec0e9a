"""The page behind the link at the foot of an email."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tenant_apps.notifications import selectors, services
from tenant_apps.notifications.enums import CATEGORY, DISCUSSION
from tenant_apps.notifications.services import DIGEST_WISH

_WORDS = {
    DISCUSSION: ("emails about this discussion", "We email you when somebody replies."),
    CATEGORY: ("emails about new discussions in this category", "We email you what is said in this category."),
    DIGEST_WISH: ("your digest", "You get one email a day with what is new in all your networks."),
}
_OTHERS = ("emails of this kind", "We email you at once; without email it waits in your inbox.")


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
        act, state = (services.begin_again, "following") if again else (services.stop, "stopped")
        act(wish)
    what, meaning = _WORDS.get(wish.kind, _OTHERS)
    return render(request, "notifications/unsubscribe.html", {"state": state, "what": what, "meaning": meaning})
