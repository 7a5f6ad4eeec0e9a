"""A small resource with which the base is tested, and URLs that serve it."""

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, URLResolver, include, path
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.response import Response

from shared_apps.accounts.models import User
from shared_apps.api.rest.pagination import SignedOffsetPagination
from shared_apps.api.rest.problems import ConflictError
from shared_apps.api.rest.resources import Resource, Router
from shared_apps.api.urls import api_urls


class TagSerializer(serializers.Serializer):
    word = serializers.CharField(max_length=10)


class AccountSerializer(serializers.Serializer):
    id = serializers.UUIDField(read_only=True)
    email = serializers.EmailField()
    name = serializers.CharField(max_length=20)
    tags = TagSerializer(many=True, required=False)


class AccountResource(ListModelMixin, RetrieveModelMixin, Resource):
    """Accounts, as a sample."""

    serializer_class = AccountSerializer
    queryset = User.objects.all()

    def create(self, request):
        """Give back what was sent."""
        form = AccountSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        words = {"conflict": ConflictError("Taken."), "refused": PermissionDenied("Only organisers can do this.")}
        if form.validated_data["name"] in words:
            raise words[form.validated_data["name"]]
        if form.validated_data["name"] == "broken":
            raise RuntimeError("a secret thing")
        return Response(form.validated_data, status=201)


class WhoResource(Resource):
    """Who asks."""

    pagination_class = None

    def list(self, request):
        """Say who asks, and how the audit would name them."""
        actor = request.actor
        network = request.auth.network
        return Response(
            {
                "email": request.user.email,
                "network": network.subdomain if network else None,
                "actor": [str(actor.account_id), actor.via, actor.address],
            }
        )


class HitResource(Resource):
    """Ranked results."""

    def list(self, request):
        """Answer 1,200 numbers in pages."""
        pager = SignedOffsetPagination()
        offset, limit = pager.window(request)
        found = list(range(1200))[offset : offset + limit + 1]
        return pager.answer(found[:limit], more=len(found) > limit)


api = Router()
api.register("accounts", AccountResource, "account")
api.register("who", WhoResource, "who")
api.register("hits", HitResource, "hit")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("shared_apps.accounts.urls")),
    *api_urls(api),
]
