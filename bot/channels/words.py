"""The few words a channel itself needs, from ``dialogs/catalog/canales.yml``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.kernel.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Command(_Words):
    """An entry of Telegram's menu of commands; pressing it says ``text``."""

    name: str = Field(alias="comando", pattern=r"^[a-z0-9_]{1,32}$")
    text: str = Field(alias="texto", min_length=1)
    description: str = Field(alias="descripcion", min_length=1, max_length=256)


class Link(_Words):
    """What opening ``https://t.me/<bot>?start=<name>`` says; ``{valor}`` is what follows the name and a hyphen."""

    name: str = Field(alias="enlace", pattern=r"^[a-z0-9_]{1,24}$")
    text: str = Field(alias="texto", min_length=1)


class TelegramWords(_Words):
    """What Telegram shows outside the dialogue; ``start`` is what a person says by pressing Start."""

    start: str = Field(alias="inicio", min_length=1)
    group: str = Field(alias="grupo", min_length=1)
    location_button: str = Field(alias="boton_ubicacion", min_length=1)
    phone_button: str = Field(alias="boton_telefono", min_length=1)
    commands: tuple[Command, ...] = Field(alias="comandos", max_length=100)
    links: tuple[Link, ...] = Field(alias="enlaces", default=())


class TerminalWords(_Words):
    """What the terminal says around the conversation."""

    welcome: str = Field(alias="bienvenida")
    prompt: str = Field(alias="usted")
    late: str = Field(alias="demora")
    attached: str = Field(alias="adjunto")
    attach_usage: str = Field(alias="uso_adjuntar")
    attach_missing: str = Field(alias="archivo_no_encontrado")
    attach_large: str = Field(alias="archivo_grande")
    file: str = Field(alias="archivo")
    share_location: str = Field(alias="pide_ubicacion")
    share_phone: str = Field(alias="pide_telefono")
    location_usage: str = Field(alias="uso_ubicacion")
    long_message: str = Field(alias="mensaje_largo")
    saved: str = Field(alias="guardado")
    nothing_to_save: str = Field(alias="nada_que_guardar")
    not_saved: str = Field(alias="no_se_guardo")
    assistant: str = Field(alias="asistente")
    advisor: str = Field(alias="asesor")
    farewell: str = Field(alias="despedida")

    def about(self, refusal: str) -> str:
        """Return the sentence for the name of a refusal of the terminal's parser; empty for an empty line."""
        return {
            "mensaje_largo": self.long_message,
            "uso_adjuntar": self.attach_usage,
            "archivo_no_encontrado": self.attach_missing,
            "archivo_grande": self.attach_large,
            "uso_ubicacion": self.location_usage,
        }.get(refusal, "")


class MailWords(_Words):
    """What a letter says besides its text; ``{empresa}`` is the company's name."""

    subject: str = Field(alias="asunto", min_length=1, max_length=120)


class ChannelWords(_Words):
    """The words of every channel that needs some."""

    mail: MailWords = Field(alias="correo")
    telegram: TelegramWords
    terminal: TerminalWords


def load_words(path: Path) -> ChannelWords:
    """Read ``canales.yml``.

    Raises:
        ConfigError: the file is missing, is not YAML, or has missing, unknown or wrong keys; names each of them.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        return ChannelWords.model_validate(document)
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read ({error.strerror})"]) from error
    except yaml.YAMLError as error:
        raise ConfigError([f"{path}: not valid YAML: {error}"]) from error
    except ValidationError as error:
        problems = [
            f"{path}: {'.'.join(str(part) for part in issue['loc']) or 'document'}: {issue['msg']}"
            for issue in error.errors(include_input=False)
        ]
        raise ConfigError(problems) from error
