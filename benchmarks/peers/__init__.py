"""The same follicles in other hands: one file per way of simulating them, each as its users would write it."""
