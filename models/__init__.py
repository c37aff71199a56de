"""What is kept: tables by area, the database and the one door to it."""
