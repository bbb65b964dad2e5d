"""The routes, a file per door."""
