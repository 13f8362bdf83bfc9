"""Views: the public doors that know nobody, and the desk of those who run a vote."""
