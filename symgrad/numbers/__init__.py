"""Numbers that can be trusted: magnitudes, horizons of the float formats, certified extrema, bounds."""
