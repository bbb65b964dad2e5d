"""Runs conversations written in Rasa's end-to-end test format, in this process, and says what differed."""
