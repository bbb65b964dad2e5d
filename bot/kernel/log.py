"""Logs as JSON or for people at a terminal; one processor takes personal data and secrets out of every line.

Messages are short English facts (``log.info("turn_committed", conversation=…)``). Values under a personal key are
hidden whole, whatever they are; in all other text everything that looks like a document, telephone, e-mail, account
or token is replaced. Numbers that are values of their own (sizes, milliseconds) are kept. A radicado (14 digits) is
a public number and is kept.
"""

from __future__ import annotations

import logging
import re
import sys
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Final, Literal

import structlog

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from structlog.typing import EventDict, Processor, WrappedLogger

    from bot.kernel.config_model import Settings

HIDDEN: Final = "[hidden]"
_MAX_TEXT = 8_000
#: How many places of a traceback are written, the innermost ones.
_FRAMES = 15
_OUR_PACKAGES: Final = frozenset({"bot", "dialogs", "storage"})

#: Words in a key that make its value personal or secret.
PERSONAL_KEYS: Final = frozenset(
    "account address apellido authorization body caption cedula celular clave code codigo contact cookie correo cuenta "
    "direccion document documento email key location mail message_text name nombre palabra password phone point "
    "relato secret secreto slots telefono telephone text texto token user usuario".split()
)
#: Keys whose words look personal and are not.
_PLAIN_KEYS: Final = frozenset(
    {"code_change", "error_code", "status_code", "exit_code", "file_name", "job_name", "key_id"}
)

_PATTERNS = re.compile(
    r"""
      (?P<credentials> (?<=://) [^\s/@]+ @ )                                   # user:password@ of a URL
    | (?P<bot_token>   \b(?:bot)?\d{6,12}:[A-Za-z0-9_-]{30,}\b )               # Telegram's bot token
    | (?P<bearer>      \b(?i:bearer|basic|token|apikey|secret)[=:\s]+[\w.~+/=-]{8,} )
    | (?P<meta_token>  \bEAA[A-Za-z0-9]{20,}\b )                               # WhatsApp's access token
    | (?P<jwt>         \beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]* )
    | (?P<email>       [\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4} )
    | (?P<phone>       (?<![\w.]) \+?(?:57[\s-]?)? (?:3\d{2}|60[1245678]) [\s.-]? \d{3} [\s.-]? \d{2} [\s.-]? \d{2} (?!\w) )
    | (?P<grouped>     (?<![\w.,]) \d{1,3} (?:[.\s']\d{3}){1,4} (?![\w]) )       # 1.098.765.432
    | (?P<number>      (?<![\w.]) \+?\d{5,12} (?:-\d)? (?![\w]) )                # document, account, NIT
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[a-záéíóúñ]+")

Logger = structlog.typing.FilteringBoundLogger


def redact(text: str) -> str:
    """Return ``text`` (cut at 8,000 characters) without documents, telephones, e-mails, accounts and tokens."""
    return _PATTERNS.sub(HIDDEN, text[:_MAX_TEXT])


def is_personal(key: str) -> bool:
    """Whether the value under ``key`` is personal or secret by its name."""
    lowered = key.lower()
    return lowered not in _PLAIN_KEYS and not PERSONAL_KEYS.isdisjoint(_WORD.findall(lowered))


def hide_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take personal data and secrets out of one log line (a structlog processor)."""
    return {key: value if key.startswith("_") else _clean(key, value) for key, value in event.items()}


def tell_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write where an error came from, with its kind and, only where it is one of ours, its words.

    The words of other errors quote what they stumbled over («could not convert string…»), and that may be what a
    person wrote; ours are written for operators and carry no values.
    """
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_told(error))
    return event


def _told(error: BaseException) -> list[str]:
    lines: list[str] = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        kind = type(link)
        is_ours = kind.__module__.split(".", 1)[0] in _OUR_PACKAGES
        lines.append(f"{kind.__module__}.{kind.__qualname__}" + (f": {link}" if is_ours else ""))
        frames = extract_tb(link.__traceback__)[-_FRAMES:]
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}: {frame.line}" for frame in frames]
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return lines


def _clean(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if is_personal(key):
        return HIDDEN
    if isinstance(value, int | float):
        return value
    if isinstance(value, dict):
        return {redact(str(name)): _clean(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", inner) if not isinstance(inner, int) else redact(str(inner)) for inner in value]
    return redact(value if isinstance(value, str) else repr(value))


def configure(settings: Settings) -> None:
    """Send the logs of this process to standard error as ``settings.log`` asks."""
    setup(settings.log.level, settings.log.format)


def setup(
    level: str = "info",
    style: Literal["auto", "json", "console"] = "auto",
    stream: TextIO | None = None,
    *,
    keep: bool = True,
) -> None:
    """Send the logs of this process, ours and the libraries', to ``stream`` (standard error).

    ``auto`` is ``console`` at a terminal and ``json`` elsewhere. ``keep`` lets loggers remember this setup, which is
    faster; tests that set up more than once say False.
    """
    stream = stream or sys.stderr
    for_people = style == "console" or (style == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.StackInfoRenderer(),
        tell_exception,
        hide_personal_data,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback)
        if for_people
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=repr)
    )
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=keep,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(number)
    for chatty in (
        "alembic",
        "apscheduler",
        "httpcore",
        "httpx",
        "asyncio",
        "PIL",
        "fontTools",
        "multipart",
        "rasa_sdk",
        "uvicorn.error",
    ):
        logging.getLogger(chatty).setLevel(max(number, logging.WARNING))
    for own_handlers in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        other = logging.getLogger(own_handlers)
        other.handlers[:] = []
        other.propagate = True


def logger(name: str, **always: str) -> Logger:
    """Return a logger whose lines carry ``part=name`` (the module or the duty) and ``always``."""
    found: Logger = structlog.get_logger(part=name, **always)
    return found


def bound(values: Mapping[str, str]) -> Any:
    """Return a context manager under which every line of this task carries ``values`` (conversation, turn)."""
    return structlog.contextvars.bound_contextvars(**values)
