"""ShipStation's custom store: the protocol in which many shops and shipping tools exchange orders and parcels."""
