"""From the tokens of a formula on a page to its tree."""
