"""Nodes and sales channels, among the settings."""

from django.urls import path

from colisage.network.views import bins, channels, nodes

urlpatterns = [
    path("network/nodes/", nodes.nodes, name="nodes"),
    path("network/nodes/<int:node_id>", nodes.node, name="node"),
    path("network/nodes/new", nodes.new_node, name="node-new"),
    path("network/nodes/<int:node_id>/close", nodes.close_day, name="node-close"),
    path("network/nodes/<int:node_id>/holidays", nodes.close_on_holidays, name="node-holidays"),
    path("network/nodes/<int:node_id>/open", nodes.open_again, name="node-open"),
    path("network/nodes/<int:node_id>/edit", nodes.edit_node, name="node-edit"),
    path("network/nodes/<int:node_id>/zones/new", nodes.new_zone, name="node-zone-new"),
    path("network/nodes/<int:node_id>/bins/new", nodes.new_bin, name="node-bin-new"),
    path("network/nodes/<int:node_id>/aisles/new", nodes.new_aisle, name="node-aisle-new"),
    path("network/nodes/<int:node_id>/bins/<int:place_id>", bins.node_bin, name="node-bin"),
    path("network/nodes/<int:node_id>/walk", bins.node_walk, name="node-walk"),
    path("network/channels/", channels.channels, name="channels"),
    path("network/channels/<int:channel_id>", channels.edit_channel, name="channel-edit"),
]
