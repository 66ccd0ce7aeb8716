"""What `make test` needs before pytest: RabbitMQ and PostgreSQL, found, started or installed."""
