"""The distributed form on this machine without containers: RabbitMQ, PostgreSQL, Traefik, one process per service."""
