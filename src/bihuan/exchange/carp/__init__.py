"""Arc routing benchmarks (弧路径算例): CARPLIB text and the Kerteminde JSON."""
