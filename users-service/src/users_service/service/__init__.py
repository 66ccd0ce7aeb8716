"""What users-service does, in its own words: each module one of its jobs, knowing ports and the repository only."""
