"""`make new-action NAME=dice`: an action of one's own, which works and is tested from its first minute."""
