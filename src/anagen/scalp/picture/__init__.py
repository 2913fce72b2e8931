"""The drawn scalp: follicles of a simulated patient as a phototrichogram or as trichoscopy would show them."""
