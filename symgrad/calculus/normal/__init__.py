"""The normal form of derived expressions."""
