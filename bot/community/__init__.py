"""The neighbourhood: leaders, works, commitments, appointments and badges; rules only, no wording and no channel."""
