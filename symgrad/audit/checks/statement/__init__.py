"""Claims that a sentence makes as a whole: limits, extrema, means, where a condition holds; judged by the evidence."""
