"""Amazon: orders and stock of a seller by the Selling Partner API."""
