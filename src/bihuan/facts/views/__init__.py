"""Parse, call one verb or one question, render one page. Split by subject as the pages are."""
