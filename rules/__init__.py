"""What is true: the office's decisions, pure, from the standard library only."""
