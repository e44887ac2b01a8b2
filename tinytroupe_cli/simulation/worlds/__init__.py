"""One file per kind of world: who reaches whom."""
