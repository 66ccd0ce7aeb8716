"""The only owner of the database: people, facts, features, messages and replies."""
