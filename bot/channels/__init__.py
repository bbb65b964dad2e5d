"""One folder a channel: bytes in, ``Inbound`` out; ``Say`` in, a ``Verdict`` out."""
