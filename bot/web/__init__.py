"""The web server: one application for citizens' chat, Rasa's REST face, webhooks, health and metrics."""
