"""A talk with the small world, with an account that is always found."""

from __future__ import annotations

import pytest

from tests.engine.support import FOUND, Talk, world


@pytest.fixture
def talk() -> Talk:
    return Talk(world(), FOUND)
