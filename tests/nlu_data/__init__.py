"""Validity of the data that understanding is trained from."""
