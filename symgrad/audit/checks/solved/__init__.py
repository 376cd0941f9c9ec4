"""What an author solves: an equation and its solutions, a matrix and its eigenvalues, a recurrence and its terms."""
