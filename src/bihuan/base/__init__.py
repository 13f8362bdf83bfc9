"""What every room stands on: `Record`, `Refused`, the clock, text, append-only tables. Tiny."""
