"""Closed forms, and their evaluation in any arithmetic."""
