"""Reads of the projects room, one module a part."""
