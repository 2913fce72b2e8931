"""EV-TRACK: the form of the knowledge base on how vesicles were made and shown, and its score, EV-METRIC."""

from anagen.formats.evtrack.form import EvMetric, EvTrackForm, ev_track_form
from anagen.formats.evtrack.writing import form_csv, form_page

__all__ = ["EvMetric", "EvTrackForm", "ev_track_form", "form_csv", "form_page"]
