"""``python -m bot`` is ``atiende``."""

from __future__ import annotations

from bot.cli import main

main()
