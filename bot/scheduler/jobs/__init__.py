"""One file a job; what is due is found in the database, so a job that was late or died simply finds it later."""
