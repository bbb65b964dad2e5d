"""What is answered and in what order: flows, wording, actions and the pure engine that conducts them."""
