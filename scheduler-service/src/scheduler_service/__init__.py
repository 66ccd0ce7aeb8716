"""Fires what is due: leases runs through users-service, publishes each, notes it."""
