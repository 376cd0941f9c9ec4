"""Upper bounds of closed forms, by structural rules."""
