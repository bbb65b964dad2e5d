"""Understanding what people write, offline and in a blink: spelling, danger, answers, things said, intents."""
