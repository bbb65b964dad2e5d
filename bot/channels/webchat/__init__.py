"""The web chat: our own page and widget, which pull the log of the conversation."""
