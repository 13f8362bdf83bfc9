"""Parse, call one verb or one question, render one page; split by before, during and after."""
