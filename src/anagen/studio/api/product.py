"""Vesicle products as JSON: the library, one product as the page shows it, and files that are sent in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from anagen.core.errors import InputError, Problem
from anagen.exosomes import library, load_product, parse_product
from anagen.studio.answers import REFUSED
from anagen.studio.product.asked import DEFAULTS, asked
from anagen.studio.product.checked import checked_of
from anagen.studio.product.view import ProductView, view_of
from anagen.studio.uploads import MOST_BYTES, Uploads

router = APIRouter(prefix="/api/v1", tags=["products"], responses=REFUSED)


class ProductCard(BaseModel):
    """A product of the library, in a line."""

    name: str
    title: str
    source_cell: str
    dose: float


class ProductText(BaseModel):
    """The text of a product file."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=MOST_BYTES)]


class ProductName(BaseModel):
    """What an address names a product by."""

    product: str


class ProductQuery(BaseModel):
    """The controls of the Product page; numbers as text, empty for those of the file."""

    model_config = ConfigDict(extra="forbid")

    product: Annotated[str, Field(max_length=80)] = DEFAULTS["product"]
    dose: Annotated[str, Field(max_length=40)] = DEFAULTS["dose"]
    route: Annotated[str, Field(max_length=40)] = DEFAULTS["route"]
    every: Annotated[str, Field(max_length=40)] = DEFAULTS["every"]
    sessions: Annotated[str, Field(max_length=40)] = DEFAULTS["sessions"]
    keep: Annotated[str, Field(max_length=40)] = DEFAULTS["keep"]
    temperature: Annotated[str, Field(max_length=40)] = DEFAULTS["temperature"]
    days: Annotated[str, Field(max_length=40)] = DEFAULTS["days"]
    buffer: Annotated[str, Field(max_length=40)] = DEFAULTS["buffer"]
    tube: Annotated[str, Field(max_length=40)] = DEFAULTS["tube"]
    thaws: Annotated[str, Field(max_length=40)] = DEFAULTS["thaws"]
    dry: Annotated[str, Field(max_length=40)] = DEFAULTS["dry"]
    step1: Annotated[str, Field(max_length=40)] = DEFAULTS["step1"]
    step2: Annotated[str, Field(max_length=40)] = DEFAULTS["step2"]
    step3: Annotated[str, Field(max_length=40)] = DEFAULTS["step3"]
    passage: Annotated[str, Field(max_length=40)] = DEFAULTS["passage"]
    concentration: Annotated[str, Field(max_length=40)] = DEFAULTS["concentration"]
    ratio: Annotated[str, Field(max_length=40)] = DEFAULTS["ratio"]
    doses: Annotated[str, Field(max_length=40)] = DEFAULTS["doses"]


@router.get("/products")
def products() -> list[ProductCard]:
    """List the products of the library.

    Returns
    -------
    list of ProductCard
        In alphabetical order.
    """
    loaded = [load_product(name) for name in library()]
    return [
        ProductCard(name=each.name, title=each.title, source_cell=each.source_cell, dose=each.dose.value)
        for each in loaded
    ]


@router.post("/products", status_code=201)
def keep_product(request: Request, body: ProductText) -> ProductName:
    """Keep a product file, so that addresses can name it.

    Parameters
    ----------
    request : Request
        The request.
    body : ProductText
        The text of a product file.

    Returns
    -------
    ProductName
        What addresses name it by.
    """
    parse_product(body.text, None)
    return ProductName(product=Uploads(request.app.state.settings.folder).keep(body.text))


@router.get("/product")
def product(request: Request, query: Annotated[ProductQuery, Query()]) -> ProductView:
    """Give a product as the page shows it.

    Parameters
    ----------
    request : Request
        The request.
    query : ProductQuery
        The controls of the page.

    Returns
    -------
    ProductView
        Potent dose, storage, checklist, release, making.
    """
    uploads = Uploads(request.app.state.settings.folder)
    now = asked(query.model_dump(), uploaded=uploads.text_of)
    problems = [
        Problem(None, None, None, field.name, field.problem, (), field.offer or None)
        for field in now.fields.values()
        if field.problem
    ]
    if problems:
        raise InputError(now.problems or problems)
    if now.product is None:
        raise HTTPException(404, "No product is named; /api/v1/products lists those of the library.")
    return view_of(now, checked_of(now))
