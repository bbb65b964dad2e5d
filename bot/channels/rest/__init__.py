"""Rasa's REST channel: post a message, read the replies in the answer."""
