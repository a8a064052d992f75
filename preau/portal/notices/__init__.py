"""Pages over what people are told: their list, their preferences, links that stop e-mails."""
