"""Tell Telegram how we want to be reached, and which commands its menu shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import BotCommand, BotCommandScopeAllPrivateChats

from bot.channels.telegram.parse import ALLOWED_UPDATES

if TYPE_CHECKING:
    from telegram import Bot

    from bot.channels.words import TelegramWords


async def use_polling(bot: Bot) -> None:
    """Give up any webhook; what waits at Telegram is kept.

    Raises:
        TelegramError: Telegram refused or could not be reached.
    """
    await bot.delete_webhook(drop_pending_updates=False)


async def use_webhook(bot: Bot, url: str, secret: str) -> None:
    """Ask for updates by POST at ``url`` (https), each with ``secret`` in its header.

    Raises:
        TelegramError: Telegram refused or could not be reached.
    """
    await bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=40)


async def show_commands(bot: Bot, words: TelegramWords) -> None:
    """Set the menu of commands that private chats show.

    Raises:
        TelegramError: Telegram refused or could not be reached.
    """
    commands = [BotCommand(command.name, command.description) for command in words.commands]
    await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats())
