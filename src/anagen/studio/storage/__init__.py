"""What the studio keeps: tables, migrations, and the functions that write and read rows."""
