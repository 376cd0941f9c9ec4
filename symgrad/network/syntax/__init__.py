"""The equation language: text -> lines of a model."""
