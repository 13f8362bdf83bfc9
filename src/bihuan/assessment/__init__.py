"""The room of assessment (综合评价): schemes, declarations, runs of the engine, reasons."""
