"""A structure opens its first place, guided, from its SIRET to publication."""
