"""What the desk shows, a module a screen."""
