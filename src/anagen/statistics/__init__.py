"""Statistical methods on arrays and numbers, one a file: estimates, decisions, designs and sizes."""
