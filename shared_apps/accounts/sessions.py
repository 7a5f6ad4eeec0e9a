"""Sessions that exist in one place only: a cookie of one network, sent to another, is an unknown session there."""

import re
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from tenants.context import current_kind, current_network
from tenants.selectors import host_here, host_of
from tenants.statements import Statement

_KEY = re.compile(r"[a-z0-9]{32}")  # a cookie can hold anything, also what the database refuses to be asked for


class SessionStore(DatabaseStore):
    """Looks a session up by its key and the place it belongs to: the network, if any, and the host.

    The place is that of the schema in which the store was made, which the host of the request decided. A network may
    have two hosts, and one of them may pass to somebody else, with the cookies that browsers send there.
    """

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key if session_key and _KEY.fullmatch(session_key) else None)
        network = current_network()
        self.network_id: UUID | None = network.id if network else None
        self.host = host_here(network) if network else host_of(None, current_kind())

    @classmethod
    def get_model_class(cls) -> type:
        """Return the model that Django's store reads and writes."""
        from shared_apps.accounts.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Return the row of this session, with its place and whose it is."""
        row = super().create_model_instance(data)
        row.network_id, row.host = self.network_id, self.host
        row.account_id = data.get(SESSION_KEY)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Delete a session of this place; one of another place is as unknown as one that never was."""
        self._of_this_place(session_key or self.session_key).delete()

    def _get_session_from_db(self) -> Any:
        key: dict[str, Any] = {"key": self.session_key or "", "now": timezone.now()}
        if self.network_id:
            found = _IN_NETWORK.first(**key, network_id=self.network_id, host=self.host)
        else:
            found = _ON_HOST.first(**key, host=self.host)
        if found is None:
            self._session_key = None
        return found

    def _of_this_place(self, session_key: str | None) -> Any:
        return self.model.objects.filter(session_key=session_key, network_id=self.network_id, host=self.host)


def _sessions(key: str, now: datetime, **place: Any) -> Any:
    return SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=now, **place)


_ANY = {"key": "any key", "now": datetime.max.replace(tzinfo=UTC)}
_IN_NETWORK = Statement(_sessions, **_ANY, network_id=UUID(int=0), host="any host")
_ON_HOST = Statement(partial(_sessions, network_id=None), **_ANY, host="any host")
