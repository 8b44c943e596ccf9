"""The two commands: `ask` and `rag`."""
