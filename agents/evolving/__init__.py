"""Evolution of bodies: a body is worth what a learner makes of it."""
