"""Formats of documents: each taken apart into words, code, comments and formulas."""
