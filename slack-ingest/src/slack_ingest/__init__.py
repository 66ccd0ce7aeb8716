"""All that is Slack: verifies and normalises its events, sends its replies."""
