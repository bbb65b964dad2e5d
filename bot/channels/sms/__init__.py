"""Text messages that only go out: one-time codes to the mobile that the company has of an account."""
