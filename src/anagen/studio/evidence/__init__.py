"""What the page Evidence shows: published rows as filtered, the forest of their effects, predicted against observed, claims."""
