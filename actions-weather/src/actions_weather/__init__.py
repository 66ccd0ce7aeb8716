"""Weather and forecasts, for a place or for where a person lives."""
