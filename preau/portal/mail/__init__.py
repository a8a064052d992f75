"""Pages over the outbox: the demonstration's mailbox, and the operator's list of failures."""
