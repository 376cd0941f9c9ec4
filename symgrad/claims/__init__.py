"""Claims: what one line of a derivation says; one file a kind, with its record and what reads it from text."""
