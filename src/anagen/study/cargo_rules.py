"""What of the cargo of a study's products moves nothing, and which inputs of its own network nothing occupies."""

from __future__ import annotations

from anagen.exosomes import Product, library, load_product
from anagen.exosomes.carried import inputs_of
from anagen.exosomes.listening import cargo_warnings
from anagen.signalling.listening import added_inputs, listening
from anagen.signalling.network import Network
from anagen.study.attachments import edited_network, product_of_text
from anagen.study.models import StudyFields
from anagen.study.treatment import TherapyUse
from anagen.therapies import THERAPIES


def cargo_warnings_of(study: StudyFields) -> tuple[str, ...]:
    """What a reader should know of the cargo in a study, each once.

    Parameters
    ----------
    study : StudyFields
        The study.

    Returns
    -------
    tuple of str
        Cargo that no edge listens to, product by product, then inputs that the study's network file adds and that no
        arm occupies.
    """
    network = _network_of(study)
    edges = listening(network)
    products = products_given(study)
    warnings = [f"{warning} ({product.name})" for product in products for warning in cargo_warnings(product, edges)]
    occupied = {name for product in products for name in inputs_of(product)}
    occupied |= {entry.input for use in _uses(study) for entry in THERAPIES[use.therapy].by(use.route).occupies}
    warnings += [
        f"nothing that is given occupies the input {name} of the network file; a product occupies it by cargo with "
        f'acts_through = "{name}"'
        for name in (added_inputs(network) if network is not None else ())
        if name not in occupied
    ]
    return tuple(dict.fromkeys(warnings))


def products_given(study: StudyFields) -> tuple[Product, ...]:
    """Vesicle products of a study's arms and rescues, each once, in order.

    Parameters
    ----------
    study : StudyFields
        The study.
    """
    found: dict[str, Product] = {}
    for use in _uses(study):
        if use.product_file is not None:
            product = product_of_text(use.product_file.text, use.product_file.file)
            found.setdefault(product.model_dump_json(), product)
        elif use.product is not None:
            product = load_product(library()[use.product])
            found.setdefault(product.model_dump_json(), product)
    return tuple(found.values())


def _uses(study: StudyFields) -> list[TherapyUse]:
    return [use for arm in study.arms for use in arm.uses]


def _network_of(study: StudyFields) -> Network | None:
    mechanism = study.mechanism
    if mechanism is None:
        return None
    file = mechanism.network
    return edited_network(mechanism.without, file and file.text, file and file.file)
