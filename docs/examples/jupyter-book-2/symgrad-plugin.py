#!/usr/bin/env python3
"""symgrad's plugin for mystmd and Jupyter Book 2; written by: symgrad mystmd > symgrad-plugin.py"""

import sys

if len(sys.argv) < 2:  # what the plugin has: answered without loading anything
    print(
        """{"name": "symgrad", "transforms": [{"name": "symgrad", "doc": "Gradients that symgrad derives and proves.", "stage": "document"}]}"""
    )
else:
    try:
        from symgrad.cli.main import main
    except ImportError:  # another Python has it
        import os

        os.execvp("symgrad", ["symgrad", "mystmd", *sys.argv[1:]])
    sys.exit(main(["mystmd", *sys.argv[1:]]))
