"""Servers that others wrote to stand for Telegram and for Meta, driven by our real clients; ``make test-emulators``."""
