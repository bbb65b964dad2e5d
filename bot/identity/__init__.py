"""Who writes: codes that prove an account, persons on several channels, and what is cut when they ask for it."""
