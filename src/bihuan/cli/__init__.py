"""The command line (命令行): the server, set-up, and every chore that needs no browser."""
