"""One path from a question to a verified answer, and the documents, notebooks and builders that take it."""
