"""Other solvers, as engines: the optional extra ``peers``.

Each takes the same problem and gives back routes, which our own timing turns into a solution.
"""
