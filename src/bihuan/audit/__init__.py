"""Audit (审计): an append-only, hash-chained record of every verb. Nothing in it can be changed."""
