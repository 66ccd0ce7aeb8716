"""What `jeeves` does over the API of a running Jeeves: the same for people, and as JSON for programs."""
