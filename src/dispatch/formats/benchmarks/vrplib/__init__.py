"""Vehicle routing with time windows in the VRPLIB format, in four kinds.

VRPTW (Gehring and Homberger), SDVRPTW (site-dependent: which vehicle may serve whom), PCVRPTW
(prize-collecting: customers are optional) and MDVRPTW (several depots), with the conventions of
the collection https://github.com/PyVRP/Instances.
"""
