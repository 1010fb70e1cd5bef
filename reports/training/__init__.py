"""`derive train`: its options, its lines, its report with update rules as equations and loss curves as figures."""
