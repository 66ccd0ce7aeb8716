"""A local workspace that speaks Slack's protocol both ways: Jeeves cannot tell it from Slack."""
