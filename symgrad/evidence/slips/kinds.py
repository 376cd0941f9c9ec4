"""What may be wrong with a gradient, in words: on a page, as the audit names it, and in an array of numbers."""

from __future__ import annotations

PRIME_MISSING = "a prime is missing"
PRIME_TOO_MANY = "a prime too many"
TRANSPOSE_TOO_MANY = "a transpose too many"
TRANSPOSE_MISSING = "a transpose is missing"
SLOPE_MISSING = "a slope is missing"
FACTOR_TOO_MANY = "a factor too many"
RANGE_OFF = "the index range is off by one"
INDEX_OFF = "an index is off by one"
SIGN = "the sign is wrong"
ORDER = "factors are in the wrong order"
DIAGONAL = "a diagonal matrix is meant"

ON_A_PAGE = (
    PRIME_MISSING,
    PRIME_TOO_MANY,
    TRANSPOSE_TOO_MANY,
    TRANSPOSE_MISSING,
    SLOPE_MISSING,
    FACTOR_TOO_MANY,
    RANGE_OFF,
    INDEX_OFF,
    SIGN,
    ORDER,
    DIAGONAL,
)
"""What one change of a printed formula mends, from the likeliest."""

TRANSPOSED = "it is transposed"
FACTOR = "a constant factor is wrong"
REVERSED = "the order is reversed"
FLATTENED = "it was flattened along the other axis"
MOVED = "it is moved by one"
OTHER = "it is the derivative by something else"
LAST_STEP = "the last step only"
FIRST_STEP = "the first step only"
LATE_STEPS = "the first steps are left out"
EARLY_STEPS = "the last step is left out"
IMMEDIATE = "it is immediate, not total"
PATH_MISSING = "a path is missing"
PATH_TWICE = "a path is counted twice"
WRONG_POINT = "a slope is taken at the wrong place"
SLOPE_TWICE = "a slope is counted twice"
OFF_DIAGONAL = "the entries off the diagonal are missing"
