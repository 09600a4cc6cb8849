"""The algorithms, one file each, and what families of them share."""
