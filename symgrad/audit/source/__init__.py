"""Documents, read into passages with their places."""
