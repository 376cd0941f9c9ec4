"""Primitive operations: one record each, with all its rules."""
