"""Typed things said in a message: numbers of identity, money, dates, addresses, names; one reader a file."""

from __future__ import annotations

from bot.nlu.entities.extract import ENTITIES, extract
from bot.nlu.entities.sector import Gazetteer

__all__ = ["ENTITIES", "Gazetteer", "extract"]
