"""WhatsApp by Meta's Cloud API: an own thin client and an own parser, webhook only."""
