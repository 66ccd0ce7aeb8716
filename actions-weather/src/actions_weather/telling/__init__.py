"""How weather is told: one text that stands alone, and blocks that say the same."""
