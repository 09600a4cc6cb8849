"""How walkers fare on ground that is not even: champions, and those that were trained there."""
