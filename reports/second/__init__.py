"""Second derivatives as a command: the R-equations, the output's Hessian, how both were checked, and the pages."""
