"""A stranger's file on its way in."""
