"""Mail that only goes out: one-time codes to the address that the company has of an account."""
