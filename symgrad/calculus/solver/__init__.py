"""The solver of the closed form: how X leaves the states, how Y enters them, and the product of steps between."""
