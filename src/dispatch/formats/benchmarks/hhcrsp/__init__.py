"""Home health care routing and scheduling: carers with abilities, visits that need two of them.

The set of Ceschia, Di Gaspero, Rosati, Schaerf, *Multi-Neighborhood Simulated Annealing for the
Home Healthcare Routing and Scheduling Problem*, ITOR 2024, doi 10.1111/itor.13585, which also
carries the instances of Mankowska, Meisel, Bierwirth, Health Care Management Science 17, 2014.
"""
