"""The legal life of a petition: terms, radicado, filing, states, look-up, alerts and constancia."""
