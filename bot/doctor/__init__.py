"""The doctor: looks at one installation from outside, changes nothing, and says in one line each what is wrong."""
