"""Jobs (作业): long computations with progress, cancel, seed, digest and result."""
