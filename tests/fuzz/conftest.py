"""Nothing in this folder is a test: the fuzzer need not be installed where the tests run."""

collect_ignore_glob = ["*.py"]
