"""The bus: a port (`port`), the queues (`topology`), and two adapters with the same behaviour (`rabbit`, `sqlite`)."""
