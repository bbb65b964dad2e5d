"""The terminal: the same conversation for whoever sits at the machine (``atiende chat``)."""
