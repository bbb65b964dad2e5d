"""What a refused message tells besides its own fate: its template cannot be used, or nothing more may go to many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from bot.outbox.rules import CAMPAIGN, TEMPLATE
from storage.repos.receipts import WINDOW

if TYPE_CHECKING:
    from datetime import datetime

    from storage.repos.outbox import Outbound
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

#: What the code of an attempt begins with after which the state of the template stands.
STOPPED: Final = (TEMPLATE, f"{WINDOW}template_")
#: Sendings that may still have messages queued.
_LATEST_WAVES: Final = 50


def learn(uow: UnitOfWork, row: Outbound, code: str, at: datetime) -> None:
    """Note what a provider refused besides the message ``row``: its template, or everything that we send to many."""
    if code.startswith(CAMPAIGN):
        _stop_campaigns(uow, code, at)
    template = row.payload.get("template")
    state = next((code.removeprefix(mark) for mark in STOPPED if code.startswith(mark)), "")
    if template and state:
        log.error("template_stopped", template=template["name"], state=state)
        uow.providers.tell_template(template["name"], template["language"], {"state": state}, at)


def _stop_campaigns(uow: UnitOfWork, code: str, now: datetime) -> None:
    """Pause every sending to many: each further message makes it worse, and a person has to look."""
    for wave in uow.waves.newest(_LATEST_WAVES):
        if wave.state not in {"running", "done"}:
            continue
        # One whose people are all written down may still have most of them queued.
        held = uow.notices.hold(wave.id)
        if (held or wave.state == "running") and uow.waves.move(wave.id, ["running", "done"], "paused", now):
            log.error("campaign_stopped", wave=wave.id, error_code=code, held=held)
