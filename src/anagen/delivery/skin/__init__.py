"""Through the skin: stratum corneum, follicular shunt, and the channels that needles, lasers and current open."""
