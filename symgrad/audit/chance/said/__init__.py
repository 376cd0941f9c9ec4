"""What texts say of the laws of random variables, in formulas and in words."""
