"""The engine `lns`: simulated annealing, by ruin and recreate or by moves of tied visits."""
