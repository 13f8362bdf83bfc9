"""The site (站点): settings, addresses, the overview; the only room that knows every room."""
