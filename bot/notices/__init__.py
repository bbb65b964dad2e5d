"""Messages that we begin: who may be written to, when, and the row that says what became of it."""
