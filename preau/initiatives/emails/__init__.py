"""What e-mails say, by subject."""
