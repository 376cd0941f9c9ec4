"""Nothing in this folder is a test: the peers need not be installed where the tests run."""

collect_ignore_glob = ["*.py"]
