"""Documents whose formulas and numbers are rewritten by what symgrad answers, between two marks in comments."""
