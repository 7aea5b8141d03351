"""Pure decisions about goods on their way in, a module a subject."""
