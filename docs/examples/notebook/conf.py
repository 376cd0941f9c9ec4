"""What Sphinx is told: the chapter is a notebook, which is executed whenever it is built."""

project = "What a cell remembers"
author = "An author"
root_doc = "lstm"
extensions = ["myst_nb"]
exclude_patterns = ["_build", "README.md"]
nb_execution_mode = "force"
nb_execution_show_tb = True  # a cell that fails is shown with what it says, and sphinx-build -W fails
nb_render_markdown_format = "myst"  # so that the mathematics of an answer is typeset, and {eq} finds its label
myst_enable_extensions = ["dollarmath"]
html_theme = "alabaster"
