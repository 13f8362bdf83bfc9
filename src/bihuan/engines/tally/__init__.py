"""Tally (计票): secret ballots, sealed, counted in fractions, recountable by anybody. No Django."""
