"""Facts (数据): indicators, periods and observations, revised but never overwritten."""
