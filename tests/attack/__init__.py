"""Everything hostile, pushed through every door: shown as text, refused with a reason, or answered kindly."""
