"""What users hold in their hands: a model, and the derivative it gives."""
