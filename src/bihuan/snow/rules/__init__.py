"""What holds for a snowfall whatever office fights it: plain data and functions, no Django."""
