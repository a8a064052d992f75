"""Typed clients of outside services, one folder each. No Django here."""
