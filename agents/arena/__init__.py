"""Learning to meet others: players, self-play, co-evolution and what they are worth."""
