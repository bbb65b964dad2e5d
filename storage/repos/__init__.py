"""Repositories: the only code that reads and writes the tables; none of them ever commits."""
