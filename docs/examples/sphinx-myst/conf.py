"""What Sphinx is told: the pages are MyST, and their formulas are symgrad's."""

project = "Recurrent networks"
author = "An author"
extensions = ["myst_parser", "symgrad.sphinx"]
exclude_patterns = ["_build", "README.md"]
myst_enable_extensions = ["dollarmath"]
numfig = True
symgrad_notation = "book.toml"
html_theme = "alabaster"
html_theme_options = {"page_width": "1000px"}
