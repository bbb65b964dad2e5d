"""The house itself: settings, logs, arrows, documents, chores."""
