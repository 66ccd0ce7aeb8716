"""What `make test` needs before pytest: RabbitMQ, PostgreSQL, MariaDB and a browser, found, started or installed."""
