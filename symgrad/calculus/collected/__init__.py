"""The normal form of maps between numbers and vectors."""
