"""Events of EPCIS at the desk; shops, and the door at which they are heard."""

from django.urls import path, re_path

from colisage.connectors.views import custom_store, epcis, fulfilment_service, hooks, interchanges, shops

HOOK = r"^hooks/shops/(?P<hook>[^/]+)"
urlpatterns = [
    path("stock/events", epcis.events, name="events"),
    path("stock/events.json", epcis.events_file, name="events-file"),
    path("hooks/shops/<str:hook>", hooks.hook, name="shop-hook"),
    path(
        "hooks/shops/<str:hook>/fulfillment_order_notification", fulfilment_service.notification, name="service-notice"
    ),
    re_path(HOOK + r"/fetch_stock(?:\.json)?$", fulfilment_service.stock, name="service-stock"),
    re_path(HOOK + r"/fetch_tracking_numbers(?:\.json)?$", fulfilment_service.tracking, name="service-tracking"),
    path("hooks/custom-store/<slug:channel>", custom_store.custom_store, name="custom-store"),
    path("shops/", shops.shop_list, name="shops"),
    path("shops/<int:channel_id>", shops.shop, name="shop"),
    path("shops/<int:channel_id>/health", shops.health, name="shop-health"),
    path("shops/<int:channel_id>/try", shops.shop_try, name="shop-try"),
    path("shops/<int:channel_id>/ask", shops.shop_ask, name="shop-ask"),
    path("shops/<int:channel_id>/errands", shops.errands, name="shop-errands"),
    path("shops/<int:channel_id>/interchanges", interchanges.interchange_list, name="interchanges"),
    path("shops/interchanges/<int:interchange_id>", interchanges.interchange, name="interchange"),
    path("shops/interchanges/<int:interchange_id>/<str:what>", interchanges.interchange_file, name="interchange-file"),
]
