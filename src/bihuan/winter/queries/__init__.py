"""Questions of this room, one module for each of its nouns."""
