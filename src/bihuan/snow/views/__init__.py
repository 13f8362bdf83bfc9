"""Views of this room: parse, call one verb or one question, render."""
