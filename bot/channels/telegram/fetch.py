"""Bring in a file that a person sent: two steps, a size limit, and no trust in what the answer claims."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.channels.telegram.client import trusts_proxies
from bot.kernel.errors import MediaUnavailable, TooLarge

if TYPE_CHECKING:
    from telegram import Bot

#: The Bot API lets bots download files of up to 20 MB (https://core.telegram.org/bots/api#getfile).
SIZE_LIMIT = 20_000_000
_DEADLINE_S = 60.0
_OK = 200
_SERVER_ERROR = 500


async def fetch(bot: Bot, ref: str, *, limit: int = SIZE_LIMIT) -> bytes:
    """Return the file with Telegram's ``file_id`` ``ref``.

    Raises:
        TooLarge: more than ``limit`` bytes, announced or real.
        MediaUnavailable: expired, unknown, or Telegram cannot be reached (then ``may_retry``).
    """
    try:
        async with asyncio.timeout(_DEADLINE_S):
            return await _download(await _address(bot, ref, limit), limit)
    except BadRequest as error:
        if "too big" in str(error).lower():
            raise _too_large(limit) from None
        message = "Telegram does not have this file any more"
        raise MediaUnavailable(message) from None
    except (Forbidden, InvalidToken):
        message = "Telegram refuses to give the file"
        raise MediaUnavailable(message) from None
    except (MediaUnavailable, TooLarge):
        raise
    except Exception as error:  # noqa: BLE001 - an answer of any shape may come, and the library reads it trustingly
        # The cause may hold the address, and the address holds the token: it stays out of the chain.
        message = f"Telegram cannot be reached for the file ({type(error).__name__})"
        raise MediaUnavailable(message, may_retry=True) from None


async def _address(bot: Bot, ref: str, limit: int) -> str:
    file = await bot.get_file(ref)
    if file.file_size is not None and file.file_size > limit:
        raise _too_large(limit)
    if not file.file_path:
        message = "Telegram gave no path for the file"
        raise MediaUnavailable(message)
    return file.file_path


async def _download(address: str, limit: int) -> bytes:
    content = bytearray()
    async with (
        httpx.AsyncClient(trust_env=trusts_proxies(address), timeout=15.0) as client,
        client.stream("GET", address, follow_redirects=False) as answer,
    ):
        if answer.status_code != _OK:
            message = f"Telegram answered {answer.status_code} for the file"
            raise MediaUnavailable(message, may_retry=answer.status_code >= _SERVER_ERROR)
        async for chunk in answer.aiter_bytes():
            content += chunk
            if len(content) > limit:
                raise _too_large(limit)
    return bytes(content)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"the file is larger than {limit} bytes")
