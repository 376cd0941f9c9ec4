"""Functions that a text gives by cases."""
