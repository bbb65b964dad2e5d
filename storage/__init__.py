"""What is kept: rows, repositories and the one door through which transactions are committed."""
