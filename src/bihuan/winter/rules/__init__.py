"""What holds for a winter whatever office prepares it: plain data and functions."""
