"""One day of the demo utility: three hundred citizens on three channels, the staff, and the books at night."""
