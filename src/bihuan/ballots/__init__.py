"""Ballots (选票): the roll, the door and the anonymous box of a meeting."""
