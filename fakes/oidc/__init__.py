"""ProConnect and FranceConnect as real OpenID providers; starting them needs node and npm."""
