"""The whole visit: every area in its order, those of one channel or those of all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from bot.doctor.address import look_at_address, look_at_service
from bot.doctor.codes import look_at_codes
from bot.doctor.findings import Finding, Notes
from bot.doctor.hours import look_at_clock
from bot.doctor.own import look_at_disk, look_at_key, look_at_settings, look_at_understanding
from bot.doctor.patient import Patient
from bot.doctor.queues import look_at_queues
from bot.doctor.telegram import look_at_telegram
from bot.doctor.webchat import look_at_webchat
from bot.doctor.whatsapp import look_at_whatsapp
from bot.doctor.wire import Wire
from bot.kernel.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.doctor.patient import Look
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings

#: The channels that have somebody outside to ask, as the command line calls them.
CHANNELS: Final[Mapping[str, tuple[str, Look]]] = {
    "webchat": ("Chat web", look_at_webchat),
    "whatsapp": ("WhatsApp", look_at_whatsapp),
    "telegram": ("Telegram", look_at_telegram),
}
_HOUSE: Final[Sequence[Look]] = (look_at_settings, look_at_key, look_at_disk, look_at_understanding, look_at_codes)
_OWN: Final = "Instalación"


async def examine(
    settings: Settings,
    channels: Sequence[str] = (),
    *,
    wire: Wire | None = None,
    clock: Clock | None = None,
    ask_readers: bool = False,
) -> list[Finding]:
    """Return what is found about ``channels``, or about the whole installation when none is named.

    Args:
        settings: of the installation.
        channels: names of ``CHANNELS``.
        wire: who asks, in a test.
        clock: the machine's own time.
        ask_readers: also find out who else reads the Telegram bot, which disturbs whoever does.
    """
    clock = clock or SystemClock()
    async with wire or Wire(clock) as asking:
        patient = Patient(settings, asking, clock)
        try:
            return await _visit(patient, channels, ask_readers=ask_readers)
        finally:
            await patient.close()


async def _visit(patient: Patient, channels: Sequence[str], *, ask_readers: bool) -> list[Finding]:
    found: list[Finding] = []
    for look in _HOUSE if not channels else (look_at_settings,):
        found += await patient.look(_OWN, look)
    found += await patient.look("Servicio", look_at_service)
    found += await patient.look("Servicio", look_at_address)
    if not channels:
        found += await patient.look("Trabajo", look_at_queues)
    told: list[Finding] = []
    for name in channels or CHANNELS:
        title, look = CHANNELS[name]
        if name == "telegram" and ask_readers:
            look = partial(look_at_telegram, ask_readers=True)
        if getattr(patient.settings.canales, name).activo:
            told += await patient.look(title, look)
        elif channels:
            notes = Notes(title)
            notes.fault("canal", "está apagado", f"canales.{name}.activo: true, en config.yaml")
            told += notes.findings
    # The providers have said the time on the way.
    return [*found, *await patient.look("Reloj", look_at_clock), *told]
