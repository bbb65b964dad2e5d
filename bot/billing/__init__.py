"""Bills, debt and consumption: one port (``dialogs.actions.ports.billing``) and the adapters that answer it."""
