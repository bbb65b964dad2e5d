"""Runs the migrations on the connection that ``storage.migrate`` opened, inside its transaction."""

from __future__ import annotations

from alembic import context

from storage.rows import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
