"""What a maker's or a researcher's assay says of the weights and half-levels of the signalling network."""
