"""What `make test` needs before pytest: RabbitMQ, PostgreSQL and a browser, found, started or installed."""
