"""A button of a notice works days later, whatever was said since: its meaning is with the notice, not in the talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.notices.push import LONGEST_LABEL, is_notice_token, pressed, typed
from bot.notices.subscribing import EVERYTHING
from dialogs.engine.effects import Happened
from dialogs.engine.patterns import idle
from dialogs.engine.slots import plain

if TYPE_CHECKING:
    from datetime import datetime

    from bot.channels.base import Inbound
    from bot.turn.plan import Talk
    from dialogs.engine.effects import Effect
    from dialogs.engine.flow import Dialogs
    from storage.db import Database

#: The flow whose words of command leave every notice.
LEAVE = "dar_de_baja"


async def button_of(database: Database, before: Talk, event: Inbound, now: datetime, dialogs: Dialogs) -> str:
    """Return the payload of a notice's button that was pressed, or typed while nothing else is asked; else nothing."""
    conversation_id, token, text = before.engine.id, event.token, event.text
    if token is not None:
        if not is_notice_token(token):
            return ""
        return await database.read(lambda uow: pressed(uow, conversation_id, token, now))
    if not text or len(text) > LONGEST_LABEL or before.menus.said(text) or not idle(before.engine, dialogs):
        return ""
    return await database.read(lambda uow: typed(uow, conversation_id, text, now))


def left_while_with_a_person(text: str, dialogs: Dialogs) -> list[Effect]:
    """Return what «BAJA» or «NO MÁS» does while a person has the talk and the assistant keeps silent (Ley 2300)."""
    is_leaving = plain(text) in dialogs.domain.words.get(LEAVE, ())
    return [Happened("NoticeLeft", {"tema": EVERYTHING})] if is_leaving else []
