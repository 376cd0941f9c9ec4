"""Equations and inequalities of formulas with letters, judged at points or by evidence."""
