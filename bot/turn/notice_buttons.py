"""A button of a notice works days later, whatever was said since: its meaning is with the notice, not in the talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.notices.push import LONGEST_LABEL, is_notice_token, pressed, typed
from dialogs.engine.patterns import idle

if TYPE_CHECKING:
    from datetime import datetime

    from bot.channels.base import Inbound
    from bot.turn.plan import Talk
    from dialogs.engine.flow import Dialogs
    from storage.db import Database


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
