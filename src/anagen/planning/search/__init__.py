"""The search for a trial: dose, sessions, arms, allocation, week, layout and patients, by cost, months and chance."""
