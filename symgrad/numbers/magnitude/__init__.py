"""Numbers of any size: powers, horizons of the float formats, derivatives that no float holds."""
