"""Property tests on a busy machine: how long an example takes says nothing about the property."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

#: Put it above ``@given``.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
