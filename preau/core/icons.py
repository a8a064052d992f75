"""Our own small line icons: decorative, drawn in the colour of the text beside them."""

from __future__ import annotations

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

#: Strokes on a 24 × 24 grid.
PATHS = {
    "accessible": "M11 4.5a1 1 0 1 0 .01 0M11 8v6h5l3 5M11 11h5M8.5 12a5 5 0 1 0 6.5 6.5",
    "arrow-left": "M20 12H4m7-7-7 7 7 7",
    "arrow-right": "M4 12h16m-7-7 7 7-7 7",
    "bell": "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4",
    "building": "M4 21V5l8-2v18M12 8l8 2v11M2 21h20M8 8v1m0 3v1m0 3v1m8-4v1m0 3v1",
    "calendar": "M4 6h16v15H4zM4 11h16M8 3v5m8-5v5",
    "chat": "M4 5h16v11h-9l-5 4v-4H4z",
    "check": "m4 12.5 5.5 5.5L20 7",
    "clock": "M12 3a9 9 0 1 0 .01 0M12 7v5l4 2",
    "cross": "M6 6l12 12M18 6 6 18",
    "document": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6m-6 4h6",
    "download": "M12 4v11m-5-5 5 5 5-5M4 20h16",
    "euro": "M18 6a7 7 0 1 0 0 12M4 10.5h9m-9 3h8",
    "info": "M12 3a9 9 0 1 0 .01 0M12 11v6m0-10v1",
    "key": "M8 11a4 4 0 1 0 .01 0M11 12.5 20 4m-3 3 3 3m-6 0 2 2",
    "list": "M8 6h12M8 12h12M8 18h12M4 6h.5M4 12h.5M4 18h.5",
    "lock": "M5 11h14v10H5zM8 11V8a4 4 0 0 1 8 0v3",
    "mail": "M3 6h18v13H3zm0 1 9 7 9-7",
    "map": "m3 6 6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14m6-12v14",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "pause": "M12 3a9 9 0 1 0 .01 0M10 9v6m4-6v6",
    "pencil": "m4 20 1-5L16 4l4 4L9 19z",
    "people": "M9 5a3 3 0 1 0 .01 0M3 20v-2a6 6 0 0 1 12 0v2M16 5a3 3 0 0 1 0 6m2 3q3 1 3 6",
    "phone": "M5 3h4l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5z",
    "pin": "M12 21c5-6 7-9 7-12A7 7 0 0 0 5 9c0 3 2 6 7 12zM12 7a2 2 0 1 0 .01 0",
    "plus": "M12 4v16M4 12h16",
    "print": "M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z",
    "search": "M10.5 4a6.5 6.5 0 1 0 .01 0M15.5 15.5 21 21",
    "settings": "M4 7h9m4 0h3M4 17h3m4 0h9M15 5v4M9 15v4",
    "star": "m12 3 2.7 6 6.3.6-4.8 4.2L17.7 20 12 16.6 6.3 20l1.5-6.2L3 9.6 9.3 9z",
    "trash": "M4 6h16M9 6V4h6v2M6 6l1 15h10l1-15M10 10v7m4-7v7",
    "user": "M12 4a4 4 0 1 0 .01 0M4 21v-1a8 8 0 0 1 16 0v1",
    "warning": "M12 3 2 20h20zM12 9v6m0 2v.5",
}


@cache
def icon(name: str, css: str = "") -> SafeString:
    """The drawing, hidden from screen readers: the word beside it carries the meaning."""
    return format_html(
        '<svg class="pr-icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        css,
        mark_safe(PATHS[name]),  # noqa: S308  (our own constants)
    )
