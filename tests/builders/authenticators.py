"""An authenticator app, worked out as RFC 6238 says and not by the library that checks it."""

import base64
import hashlib
import hmac
import struct

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from shared_apps.accounts.models import User

SECRET = base64.b32encode(b"twenty bytes of luck").decode()


class App:
    """Shows a code for each half minute; time goes on only when it is told to."""

    def __init__(self, now: float) -> None:
        self.now = now

    def time(self) -> float:
        """Stand in for the clock's module where codes are checked."""
        return self.now

    def wait(self) -> None:
        """Let the code change."""
        self.now += 30

    def code(self, secret: str = SECRET) -> str:
        """Return the code of now."""
        digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(self.now) // 30), hashlib.sha1).digest()
        start = digest[-1] & 15
        return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def give_app(account: User) -> list[str]:
    """Set up an app with SECRET for an account, and return its recovery codes."""
    TOTP.activate(account, SECRET)
    return RecoveryCodes.activate(account).get_unused_codes()
