"""Files of customers, bills and payments into our own tables: ``atiende import``; see docs/how-to/import-billing.md."""
