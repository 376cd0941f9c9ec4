"""What can be checked of a printed formula, one file for each kind of claim."""
