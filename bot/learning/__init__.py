"""Learning from use: what was not understood is kept masked, grouped by likeness, labelled by staff and made examples."""
