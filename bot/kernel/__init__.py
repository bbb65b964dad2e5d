"""The door through which time, identifiers, chance, settings, errors and logs come."""
