"""Payment agreements: arithmetic, policy, life and papers."""
