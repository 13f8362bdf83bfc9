"""The ledger (整改台账): one place where every shortfall is followed until it is closed."""
