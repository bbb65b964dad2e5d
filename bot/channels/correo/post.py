"""Who carries the letters: a Maildir of the house (nothing leaves the machine), or an SMTP server."""

from __future__ import annotations

import mailbox
import smtplib
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.channels.base import Sent, Verdict

if TYPE_CHECKING:
    from email.message import EmailMessage

_TIMEOUT_S = 10.0
_TEMPORARY = range(400, 500)


class Folder:
    """A Maildir: where the demo leaves its letters, for ``atiende codes`` and any mail reader to show."""

    def __init__(self, path: Path) -> None:
        """Take the folder; it is made with the first letter."""
        self._path = path

    def __call__(self, letter: EmailMessage) -> Sent:
        """Put the letter into the folder, once for each Message-ID."""
        try:
            box = mailbox.Maildir(self._path, create=True)
            key = str(letter["Message-ID"])
            if any(str(each["Message-ID"]) == key for each in box):
                return Sent(Verdict.OK, ref=key)
            box.add(letter)
        except OSError as trouble:
            return Sent(Verdict.RETRY, code=f"folder:{trouble.errno}")
        return Sent(Verdict.OK, ref=key)


@dataclass(frozen=True, slots=True)
class Server:
    """An SMTP server, as configured; ``tls`` is inicio (STARTTLS), siempre or no."""

    host: str
    port: int
    tls: Literal["inicio", "siempre", "no"] = "inicio"
    user: str = ""
    password: str = ""


class Smtp:
    """One connection a letter: codes are few, and a connection that was left open is one that fails."""

    def __init__(self, server: Server, *, timeout_s: float = _TIMEOUT_S) -> None:
        """Take the server and the seconds after which it is given up."""
        self._server = server
        self._timeout_s = timeout_s

    def __call__(self, letter: EmailMessage) -> Sent:
        """Hand the letter to the server; what it answers decides whether it is tried again."""
        handed = False
        try:
            with self._open() as line:
                handed = True
                line.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            return Sent(Verdict.RETRY if code in _TEMPORARY else Verdict.DEAD_ADDRESS, code=f"smtp:{code}")
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused) as refused:
            code = refused.smtp_code
            return Sent(Verdict.RETRY if code in _TEMPORARY else Verdict.HALT, code=f"smtp:{code}")
        except smtplib.SMTPResponseException as refused:
            code = refused.smtp_code
            return Sent(Verdict.RETRY if code in _TEMPORARY else Verdict.BUG, code=f"smtp:{code}")
        except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError):
            return Sent(Verdict.HALT, code="smtp:tls")
        except (OSError, smtplib.SMTPException) as trouble:
            # Once the letter was on its way nobody knows whether it arrived.
            verdict = Verdict.UNKNOWN if handed else Verdict.RETRY
            return Sent(verdict, code=f"smtp:{type(trouble).__name__}")
        return Sent(Verdict.OK, ref=str(letter["Message-ID"]))

    def knock(self) -> str:
        """Open a line as for a letter and close it; return why that does not go, as a code of ``Sent``, or nothing."""
        try:
            self._open().quit()
        except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError):
            return "smtp:tls"
        except smtplib.SMTPResponseException as refused:
            return f"smtp:{refused.smtp_code}"
        except (OSError, smtplib.SMTPException) as trouble:
            return f"smtp:{type(trouble).__name__}"
        return ""

    def _open(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context()
        if server.tls == "siempre":
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout_s, context=context)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=self._timeout_s)
        try:
            if server.tls == "inicio":
                line.starttls(context=context)
            if server.user:
                line.login(server.user, server.password)
            # What breaks before the letter has done no harm: it is tried again without a doubt.
            line.ehlo_or_helo_if_needed()
        except BaseException:
            line.close()
            raise
        return line
