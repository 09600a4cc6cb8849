"""Walk a policy and state the result."""
