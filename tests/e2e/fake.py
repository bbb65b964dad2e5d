"""A simulator that answers from a table of texts."""

from bot.e2e.model import TurnSeen


class FakeSimulator:
    """Gives the turn written for each message; remembers what it was told."""

    def __init__(self, turns):
        self.turns = turns
        self.started = []
        self.said = []

    async def start(self, case):
        self.started.append(case)

    async def say(self, text="", *, payload="", media=(), point=None, metadata=None):
        self.said.append((text, payload, media, point, metadata))
        seen = self.turns.get(payload or text, TurnSeen())
        if isinstance(seen, Exception):
            raise seen
        return seen

    async def burst(self, texts):
        self.said.append(tuple(texts))
        return self.turns.get(tuple(texts), TurnSeen())

    async def wait(self, seconds):
        self.said.append(seconds)
        return self.turns.get(seconds, TurnSeen())
