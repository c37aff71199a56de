"""What happens: one function is one transaction, gather, decide, apply."""
