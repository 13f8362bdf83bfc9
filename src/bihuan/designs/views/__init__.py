"""Parse, call one verb or one question, render one page."""
