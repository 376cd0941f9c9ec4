"""Property tests draw the same examples in every run, on every machine."""

from hypothesis import settings
from hypothesis.internal.conjecture import providers

settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")

# Hypothesis also draws the numbers and strings in the source of the modules that are loaded: they differ with each
# change of a file, and with what ran before in the same process. There is no public switch.
NO_CONSTANTS = type(getattr(providers, "_local_constants", None))()
providers._get_local_constants = lambda: NO_CONSTANTS
