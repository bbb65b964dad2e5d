"""How Atiende runs: channels, understanding, turns, the domain of a Colombian utility and its web faces."""
