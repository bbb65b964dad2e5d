"""One inbound message from the moment it is durable until its replies are: inbox, lanes, runner, commit."""
