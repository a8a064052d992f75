"""HTTP of the public pages: `search`, `pages` (place, space), `calendars` (.ics)."""
