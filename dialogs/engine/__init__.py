"""The pure engine: conversation and commands in, conversation and facts out; no disk, network, clock or chance."""
