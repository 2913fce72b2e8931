"""Drug in the body: what the blood holds and what it does to androgens, in closed form wherever it is linear."""
