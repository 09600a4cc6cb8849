"""Networks: what a policy computes, alone and by the thousand."""
