"""Sending: what a turn committed leaves from here, paced, in order per person, and never lost."""
