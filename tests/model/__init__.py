"""The whole flow from facts to balances, held against a naive second telling of the same rules."""
