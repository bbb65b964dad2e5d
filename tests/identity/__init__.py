"""Who writes: codes, persons, and what nobody learns of another."""
