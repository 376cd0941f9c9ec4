"""Doubt: what speaks for a refutation, and what against it, in the claim itself and in the text around it."""
