"""Ways a mail can leave: into a folder, or to a mail server (``smtp_transport``)."""

import os
from contextlib import AbstractContextManager, nullcontext
from email.message import EmailMessage
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from portal.errors import PortalError


class MailRefusedError(PortalError):
    """The server will never take this mail, such as for an address it does not know."""


class MailPostponedError(PortalError):
    """The server does not take this mail now, but may later."""


class MailServerLostError(PortalError):
    """There is no connection to the server any more, whoever the mail is for."""


class MailConnection(Protocol):
    """A way that is open for several mails, one after the other."""

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Hand over a mail. It has been taken once this returns.

        :raises MailRefusedError: it will never be taken.
        :raises MailPostponedError: it is not taken now.
        :raises MailServerLostError: there is no server; the next call looks for it again.
        """


class MailTransport(Protocol):
    """Opens connections."""

    def open(self) -> AbstractContextManager[MailConnection]:
        """A connection that is closed when the block ends; made when the first mail is sent."""


class FolderTransport:
    """Writes each mail into a file of its own, readable by the account of the portal alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self) -> AbstractContextManager[MailConnection]:
        """There is nothing to open or close."""
        return nullcontext(self)

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Write the whole file or none; again after a crash, over the same one."""
        local_part = message["Message-ID"].strip("<>").partition("@")[0]
        written_at = message["Date"].datetime
        path = self._folder / f"{written_at:%Y%m%d-%H%M%S}-{local_part}.eml"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            os.replace(file.name, path)
        except OSError as error:
            raise MailServerLostError(f"cannot write into the mail folder: {error}") from error
