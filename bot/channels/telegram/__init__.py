"""Telegram by the Bot API: private chats only, by long poll or webhook."""

import os

# The library's own switch: periods as timedelta. Without it, every 429 brings a deprecation warning with it.
os.environ.setdefault("PTB_TIMEDELTA", "true")
