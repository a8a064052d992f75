"""The operator's page on the health of the service."""
