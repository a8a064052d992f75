"""Electronic invoices, as the norm EN 16931 wants them: figures, XML, PDF. No Django here."""
