"""First steps in marimo: `marimo edit docs/notebooks/first_steps.py`; as a script it prints lines in place of cards."""

import marimo

app = marimo.App()


@app.cell
def _():
    import anagen

    return (anagen,)


@app.cell
def _(anagen):
    study = anagen.Study.load("exosome-vs-saline")
    study
    return (study,)


@app.cell
def _(anagen, study):
    result = anagen.run(study, patients=10, draws=20)
    result
    return (result,)


@app.cell
def _(result):
    result.plot("trajectories")
    return


@app.cell
def _(anagen):
    anagen.product("adsc-native").check()
    return


if __name__ == "__main__":
    app.run()
