"""Telegram by the Bot API: private chats only, by long poll or webhook."""
