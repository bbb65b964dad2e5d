"""The runner of scripted conversations, against a simulator that answers from a table."""
