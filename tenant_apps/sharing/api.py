"""Sharing and withdrawing, for programs: one resource for every feature that has an adapter."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from collective.publications.enums import Identity
from shared_apps.api.rest.problems import ConflictError, conflict_on
from shared_apps.api.rest.resources import Resource, valid_body
from tenant_apps.members.permissions import caller
from tenant_apps.sharing import selectors, services
from tenant_apps.sharing.adapters import Adapter, adapter_for
from tenant_apps.sharing.models import SharedItem
from tenant_apps.sharing.permissions import can_share, can_withdraw
from tenant_apps.sharing.serializers import NewShareSerializer, ShareSerializer


class ShareResource(Resource):
    """How one thing stands with the Collective: share it, change how it is shown, withdraw it."""

    serializer_class = ShareSerializer
    pagination_class = None
    kind = ""

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show how it stands."""
        item = self._item(request, pk)
        if item is None:
            raise Http404
        return Response(ShareSerializer(item).data)

    @extend_schema(request=NewShareSerializer, responses={201: ShareSerializer})
    def create(self, request: Request, pk: UUID) -> Response:
        """Share it, or change how it is shared."""
        source = self._adapter(request).load(pk)
        if source is None:
            raise Http404
        if not can_share(request.member, source):
            raise PermissionDenied("Only the person who wrote this can share it.")
        given = valid_body(NewShareSerializer, request)
        choice = services.Choice(identity=Identity(given["identity"]), redactions=given["redactions"])
        try:
            services.check_cuts(source, choice)
            item = services.share_item(self.kind, pk, choice, by=request.member)
        except services.MissingWordsError as error:
            raise ValidationError({"redactions": [str(error)]}) from error
        except services.SharingRefusedError as error:
            raise ConflictError(str(error)) from error
        return Response(ShareSerializer(item).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Withdraw it everywhere at once; answers of other networks come home."""
        item = self._item(request, pk)
        if item is None:
            raise Http404
        if not can_withdraw(request.member, item):
            raise PermissionDenied("Only the person who shared this, or an organiser, can withdraw it.")
        with conflict_on(services.SharingRefusedError):
            services.withdraw_item(self.kind, pk, by=request.member)
        return Response(status=204)

    def _item(self, request: Request, pk: UUID) -> SharedItem | None:
        self._adapter(request)
        return selectors.shared_item(self.kind, pk)

    def _adapter(self, request: Request) -> Adapter:
        caller(request)
        return adapter_for(self.kind)


SHARE_METHODS = {"get": "retrieve", "post": "create", "delete": "destroy"}
