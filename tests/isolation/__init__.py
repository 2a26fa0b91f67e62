"""Nothing crosses stores: every address is tried with another store's key, and with none."""
