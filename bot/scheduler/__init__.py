"""What happens by the clock: APScheduler wakes the jobs, and the work that is due is rows."""
