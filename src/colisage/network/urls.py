"""Nodes and sales channels, among the settings."""

from django.urls import path

from colisage.network import views
from colisage.network.views import bins

urlpatterns = [
    path("network/nodes/", views.nodes, name="nodes"),
    path("network/nodes/<int:node_id>", views.node, name="node"),
    path("network/nodes/new", views.new_node, name="node-new"),
    path("network/nodes/<int:node_id>/close", views.close_day, name="node-close"),
    path("network/nodes/<int:node_id>/holidays", views.close_on_holidays, name="node-holidays"),
    path("network/nodes/<int:node_id>/open", views.open_again, name="node-open"),
    path("network/nodes/<int:node_id>/edit", views.edit_node, name="node-edit"),
    path("network/nodes/<int:node_id>/zones/new", views.new_zone, name="node-zone-new"),
    path("network/nodes/<int:node_id>/bins/new", views.new_bin, name="node-bin-new"),
    path("network/nodes/<int:node_id>/aisles/new", views.new_aisle, name="node-aisle-new"),
    path("network/nodes/<int:node_id>/bins/<int:place_id>", bins.node_bin, name="node-bin"),
    path("network/nodes/<int:node_id>/walk", bins.node_walk, name="node-walk"),
    path("network/channels/", views.channels, name="channels"),
    path("network/channels/<int:channel_id>", views.edit_channel, name="channel-edit"),
]
