"""Payment agreements (§4): who may have one, what it costs to the peso, and what becomes of it."""
