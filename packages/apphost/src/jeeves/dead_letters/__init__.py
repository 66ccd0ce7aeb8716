"""Dead letters, through users-service or, when it is down, at the broker itself (docs/protocol.md, step 8)."""
