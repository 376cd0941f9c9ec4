"""Many independent items as a map over a ``concurrent.futures.Executor``; it knows nothing of symgrad's subject."""
