"""What is done with shops."""
