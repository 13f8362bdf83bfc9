"""Parse, call once, render."""
