"""Pictures of networks: a drawing as data, its layout, and its writers."""
