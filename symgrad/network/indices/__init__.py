"""The indices of a file: what each runs through, which is the recurrence, which are families."""
