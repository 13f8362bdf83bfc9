"""Meetings (述职评议会): from the plan to the sheet, the letters and what follows."""
