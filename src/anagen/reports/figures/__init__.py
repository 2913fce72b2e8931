"""One module per figure: a pure function for the numbers, another for the picture drawn from them."""
