"""What the templates may show of a winter: frozen dataclasses built from questions."""
