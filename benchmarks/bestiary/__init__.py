"""What a bestiary teaches: bodies trained again for longer, and the figures from it."""
