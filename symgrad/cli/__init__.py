"""The command line: thin; it reads arguments, calls the library, prints, and returns an exit code."""
