"""Probabilities of events with names, P(A ∪ B), and what of them follows from what is given."""
