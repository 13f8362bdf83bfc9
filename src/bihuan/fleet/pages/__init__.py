"""What the pages of this room show: frozen dataclasses built from queries."""
