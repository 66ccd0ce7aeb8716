"""`make bench`: Jeeves beside slack-bolt, in one run, in turns. docs/performance.md says how, and what came of it."""
