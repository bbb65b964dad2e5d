"""Send a saying step by step, so that another attempt goes on where the one before broke off."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar

from bot.channels.base import Sent, Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

#: Sayings that broke off and are remembered; the oldest are forgotten first.
_REMEMBERED = 2_000

S = TypeVar("S")


class Stepwise:
    """How far each saying got, in this process, by our key for it."""

    def __init__(self) -> None:
        """Begin with nothing sent."""
        self._got_to: OrderedDict[str, list[str]] = OrderedDict()

    async def send(self, our_key: str, todo: Sequence[S], send_one: Callable[[S], Awaitable[Sent]]) -> Sent:
        """Send the steps of ``todo`` that no earlier attempt sent, in order, until one fails.

        Returns:
            What became of the step that failed; or, when all left, the provider's ids joined by commas, with the first
            code that a step told (``empty`` when there was nothing to send) and the exchange of the last.
        """
        refs = self._got_to.setdefault(our_key, [])
        code, exchange = ("" if todo else "empty"), ""
        for step in todo[len(refs) :]:
            sent = await send_one(step)
            if sent.verdict is not Verdict.OK:
                while len(self._got_to) > _REMEMBERED:
                    self._got_to.popitem(last=False)
                return sent
            refs.append(sent.ref or "")
            code, exchange = code or sent.code, sent.exchange
        self._got_to.pop(our_key, None)
        return Sent(Verdict.OK, ",".join(filter(None, refs)), code=code, exchange=exchange)
