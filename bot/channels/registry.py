"""Every channel of the house in one explicit table: a new one is a folder, a line here and a block in the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.channels.base import Channel, Inbound, News, Receipt
from bot.channels.documents import Documents, no_documents
from bot.channels.words import load_words
from bot.kernel.errors import ConfigError
from bot.kernel.ids import Ids, RandomIds

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings

#: Below the data folder: where mail that is not sent is left.
MAIL_FOLDER: Final = "correo"
#: A door for a provider: path under ``/webhooks/<channel>/``, method, and the function that reads the request: a POST's
#: body and headers give events, a GET's query gives the text of a handshake.
Route = tuple[
    str,
    str,
    Callable[[bytes, Mapping[str, str]], Iterable[Inbound | Receipt | News]] | Callable[[Mapping[str, str]], str],
]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a channel may be built from."""

    settings: Settings
    clock: Clock
    ids: Ids
    documents: Documents


def build_channels(
    settings: Settings, *, clock: Clock, documents: Documents = no_documents, ids: Ids | None = None
) -> dict[str, Channel]:
    """Return every channel that the settings switch on, by name; none of them calls anybody yet.

    Raises:
        ConfigError: a channel that is switched on lacks a setting; names all that is missing.
    """
    parts = Parts(settings, clock, ids or RandomIds(), documents)
    found: dict[str, Channel] = {}
    problems: list[str] = []
    for name, build in CHANNELS.items():
        try:
            channel = build(parts)
        except ConfigError as error:
            problems += error.problems
            continue
        if channel is not None:
            found[name] = channel
    if problems:
        raise ConfigError(problems)
    return found


def webhook_routes(channel: Channel) -> list[Route]:
    """Return the doors that ``channel`` wants on the web server; most want none."""
    routes: Callable[[], list[Route]] | None = getattr(channel, "webhook_routes", None)
    return routes() if routes is not None else []


def _webchat(parts: Parts) -> Channel | None:
    from bot.channels.webchat.channel import WebChat

    return WebChat(parts.clock) if parts.settings.canales.webchat.activo else None


def _rest(parts: Parts) -> Channel | None:
    from bot.channels.rest.channel import Rest

    return Rest(parts.clock, parts.ids) if parts.settings.rest_is_open else None


def _terminal(parts: Parts) -> Channel | None:
    from bot.channels.terminal.channel import Terminal

    return Terminal(parts.clock)


def _telegram(parts: Parts) -> Channel | None:
    from bot.channels.telegram.channel import TelegramChannel

    settings = parts.settings.canales.telegram
    if not settings.activo:
        return None
    if settings.token is None:
        raise ConfigError(["canales.telegram.token: Telegram is switched on and has no token"])
    return TelegramChannel(
        token=settings.token.get_secret_value(),
        words=load_words(parts.settings.dialogos.carpeta / "catalog" / "canales.yml").telegram,
        documents=parts.documents,
        clock=parts.clock,
        api_url=settings.url,
        mode=settings.modo,
        public_url=parts.settings.server.public_url,
        secret=settings.secreto.get_secret_value() if settings.secreto else "",
    )


def _whatsapp(parts: Parts) -> Channel | None:
    from bot.channels.templates import load as load_templates
    from bot.channels.whatsapp.channel import WhatsAppChannel

    settings = parts.settings.canales.whatsapp
    if not settings.activo:
        return None
    if settings.token is None or settings.secreto is None or settings.verificacion is None:
        raise ConfigError(["canales.whatsapp: WhatsApp is switched on and lacks token, secreto or verificacion"])
    old = settings.secreto_anterior
    return WhatsAppChannel(
        number_id=settings.numero_id,
        token=settings.token.get_secret_value(),
        secrets=(settings.secreto.get_secret_value(), old.get_secret_value() if old else ""),
        verify_token=settings.verificacion.get_secret_value(),
        documents=parts.documents,
        clock=parts.clock,
        api_url=settings.url,
        version=settings.version,
        account_id=settings.cuenta_id,
        templates=load_templates(parts.settings.dialogos.carpeta / "catalog").plantillas,
    )


def _correo(parts: Parts) -> Channel | None:
    from bot.channels.correo.channel import Mail
    from bot.channels.correo.post import Folder, Server, Smtp

    settings = parts.settings
    account = settings.code_senders.get("correo")
    if account is None:
        return None
    asked = settings.canales.correo
    password = asked.clave.get_secret_value() if asked.clave else ""
    server = Server(asked.servidor, asked.puerto, asked.tls, asked.usuario, password)
    words = load_words(settings.dialogos.carpeta / "catalog" / "canales.yml").mail
    return Mail(
        account,
        subject=words.subject.format(empresa=settings.empresa.nombre),
        clock=parts.clock,
        post=Smtp(server) if asked.modo == "smtp" else Folder(settings.data_dir / MAIL_FOLDER),
    )


def _sms(parts: Parts) -> Channel | None:
    from bot.channels.correo.post import Folder
    from bot.channels.sms.channel import TextMessages
    from bot.channels.sms.post import HttpPost, LetterPost

    settings = parts.settings
    account = settings.code_senders.get("sms")
    if account is None:
        return None
    asked = settings.canales.sms
    if asked.modo == "carpeta":
        return TextMessages(account, LetterPost(account, Folder(settings.data_dir / MAIL_FOLDER)))
    headers = {asked.encabezado: asked.clave.get_secret_value()} if asked.clave else {}
    post = HttpPost(asked.url or "", template=asked.plantilla, sender=account, headers=headers, timeout_s=asked.plazo_s)
    return TextMessages(account, post, post.close)


#: Builders by name; each returns None when the settings switch its channel off.
CHANNELS: Final[Mapping[str, Callable[[Parts], Channel | None]]] = {
    "webchat": _webchat,
    "rest": _rest,
    "terminal": _terminal,
    "telegram": _telegram,
    "whatsapp": _whatsapp,
    "correo": _correo,
    "sms": _sms,
}
