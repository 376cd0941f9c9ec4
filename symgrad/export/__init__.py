"""From closed forms to a neutral document, and from that to text, LaTeX, Markdown."""
