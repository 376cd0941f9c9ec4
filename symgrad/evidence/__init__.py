"""Verdicts, and the checks that give them."""
