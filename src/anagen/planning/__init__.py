"""How large a trial has to be: power, assurance and error rates of a study at several sizes."""
