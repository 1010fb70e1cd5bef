"""What a formula means: its letters get roles, its products shapes, and each side becomes an array of scalars."""
