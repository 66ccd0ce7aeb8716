"""Dead letters, through users-service or, when it is down, at the broker itself (design: delivery, step 8)."""
