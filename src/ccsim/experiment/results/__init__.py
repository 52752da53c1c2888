"""What designs reached: tables of measures over replications, cuts of them, expectations."""
