"""Weather now and today, for a place or for where a person lives."""
