"""What people type about stock, a module a subject."""
