"""What the assistant knows to answer without a person: articles, figures in force, short lessons, places."""
