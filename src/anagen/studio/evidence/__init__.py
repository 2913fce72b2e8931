"""What the page Evidence shows: published rows as filtered, their forest, predicted against observed, claims."""
