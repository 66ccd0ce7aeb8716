"""Private RabbitMQ and PostgreSQL servers: own ports on 127.0.0.1, own folders; nothing of the machine's own is touched."""
