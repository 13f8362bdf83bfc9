"""To the routing engine: what this room asks of it, and nothing of it beyond."""
