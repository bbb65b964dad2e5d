"""Actions of the flows: they compute and look up, and return events; they never write."""
