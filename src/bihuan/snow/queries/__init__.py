"""Questions of this room: what is known of a snowfall."""
