"""Parses what people ask, calls the action, hands in the answer, publishes replies."""
