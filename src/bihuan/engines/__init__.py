"""Engines (引擎): numbers in, numbers out. No web framework, files, clock or hidden chance."""
