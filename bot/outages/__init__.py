"""Outages and faults: where a place lies, which outage reaches it, reports with their life, and outages proposed."""
