"""The secret of an installation, and the keys that are derived from it, one for each purpose."""

import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from portal.errors import PortalError

FILE_NAME = "secret-key"


class UnreadableSealError(PortalError):
    """What was sealed was changed, is too old, or was sealed with a key that is gone."""


class Box:
    """Seals bytes so that nobody else can read or change them; for one purpose alone."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._fernet = MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])

    def seal(self, content: bytes, *, now: datetime) -> str:
        """The sealed content, as text that is safe in an address and in a form."""
        return self._fernet.encrypt_at_time(content, int(now.timestamp())).decode("ascii")

    def open(
        self, sealed: str, *, now: datetime | None = None, within: timedelta | None = None
    ) -> bytes:
        """The content again; with ``now`` and ``within``, only if it was sealed that recently.

        :raises UnreadableSealError: it cannot be opened.
        """
        try:
            token = sealed.encode("ascii")
            if now is None or within is None:
                return self._fernet.decrypt(token)
            ttl, instant = int(within.total_seconds()), int(now.timestamp())
            return self._fernet.decrypt_at_time(token, ttl, instant)
        except (InvalidToken, UnicodeEncodeError) as error:
            raise UnreadableSealError("this seal cannot be opened") from error


class SecretKey:
    """The secrets of an installation, the newest first; older ones only read."""

    def __init__(self, given: Sequence[str], folder: Path) -> None:
        """``given`` are those of the settings; without any, one is made in the folder, once."""
        self._given = tuple(given)
        self._folder = folder

    def derive(self, purpose: str) -> bytes:
        """32 bytes that tell nothing of the secret, nor of the key of another purpose."""
        return _derive(self._secrets[0], purpose)

    def box(self, purpose: str) -> Box:
        """A box whose key is derived for one purpose."""
        return Box([_derive(secret, purpose) for secret in self._secrets])

    def digest(self, purpose: str, text: str) -> str:
        """64 letters and digits that stand for a text, which cannot be guessed back from them."""
        return hmac.new(self.derive(purpose), text.encode(), sha256).hexdigest()

    @cached_property
    def _secrets(self) -> tuple[str, ...]:
        return self._given or (_read_or_make(self._folder / FILE_NAME),)


def _derive(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), f"portal:{purpose}".encode(), sha256).digest()


def _read_or_make(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{FILE_NAME}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        # Of several first starts at once, all have to take the file of the one that came first.
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("ascii").strip()
