"""The engine `lns`: ruin and recreate under simulated annealing."""
