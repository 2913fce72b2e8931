"""Doses and observations as rows of one table, as pharmacometric programs take them: shared by NONMEM and nlmixr2."""
