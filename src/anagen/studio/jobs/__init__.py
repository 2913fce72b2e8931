"""Long work: a queue in the database, worker processes, and who watches them."""
