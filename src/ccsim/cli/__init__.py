"""The command line: each command parses, makes one call of the API, and shows what came back."""
