"""Where parts of this room add a section to its pages, without importing each other."""

from __future__ import annotations

from preau.core.registries import Registry

#: `(request, due) -> Panel | None`: receipts, invoices, refunds on the page of a due.
due_panels = Registry("due_panels")
#: `(request, office) -> Panel | None`: what has to be mended first, above the rest of it.
office_alerts = Registry("office_alerts")
#: `(request, office) -> Panel | None`: refunds, deposits, exports on the page of an office.
office_panels = Registry("office_panels")
