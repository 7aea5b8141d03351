"""The desk: screens that look across the steps."""

from django.urls import path

from colisage.desk import views
from colisage.desk.views import changes, holds, orders, recall, reference, saved, stock

urlpatterns = [
    path("", views.today, name="today"),
    path("first", views.first_page, name="first"),
    path("floor", views.floor, name="floor"),
    path("search", views.search, name="search"),
    path("orders/", orders.orders, name="orders"),
    path("orders/bulk", orders.bulk, name="orders-bulk"),
    path("orders/views", saved.save, name="view-save"),
    path("orders/views/<int:view_id>", saved.change, name="view-change"),
    path("orders/views/<int:view_id>/remove", saved.remove, name="view-remove"),
    path("orders/holds/", holds.inbox, name="holds"),
    path("orders/holds/release", holds.release_many, name="holds-release"),
    path("orders/holds/take", holds.take_many, name="holds-take"),
    path("orders/<int:order_id>", views.order, name="order"),
    path("orders/<int:order_id>/change", changes.change, name="order-change"),
    path("orders/<int:order_id>/address/ask", changes.ask, name="order-address-ask"),
    path("orders/<int:order_id>/parts/<int:part_id>/split", changes.split, name="order-split"),
    path("orders/<int:order_id>/together", changes.together, name="order-together"),
    path("orders/<int:order_id>/apart", changes.apart, name="order-apart"),
    path("orders/<int:order_id>/hold", holds.hold_one, name="order-hold"),
    path("orders/<int:order_id>/cancel", views.cancel_order, name="order-cancel"),
    path("orders/<int:order_id>/holds/<int:hold_id>/release", views.free_order, name="order-free"),
    path("recall/", recall.find, name="recall-find"),
    path("recall/<int:lot_id>", recall.recall, name="recall"),
    path("recall/<int:lot_id>/withdraw", recall.withdraw, name="recall-withdraw"),
    path("recall/<int:lot_id>/stop", recall.stop, name="recall-stop"),
    path("recall/<int:lot_id>/customers", recall.customers, name="recall-customers"),
    path("recall/<int:lot_id>/report", recall.report, name="recall-report"),
    path("stuck/retry", views.retry_stream, name="stuck-retry"),
    path("stuck/skip", views.skip_stream, name="stuck-skip"),
    path("settings/api", reference.api_reference, name="api-reference"),
    path("settings/api/problems", reference.api_problems, name="api-problems"),
    path("settings/api/<slug:subject>", reference.api_subject, name="api-subject"),
    path("problems/<slug:code>", reference.problem, name="api-problem"),
    path("settings/system", views.system, name="system"),
    path("stock/", stock.stock, name="stock"),
    path("stock/stock.csv", stock.stock_file, name="stock-file"),
    path("stock/<int:sku_id>", stock.sku, name="sku"),
    path("stock/<int:sku_id>/history", stock.sku_history, name="sku-history"),
    path("healthz", views.health, name="health"),
]
