"""What people and programs see: tables, TSV, JSON and charts. Takes plain values, knows no chain."""
