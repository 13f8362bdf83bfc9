"""Days (工作日历): which days are working days, and when a term that begins today runs out."""
