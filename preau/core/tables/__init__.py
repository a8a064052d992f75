"""Tables that people send or take away: CSV and XLSX files, their columns, their cells."""
