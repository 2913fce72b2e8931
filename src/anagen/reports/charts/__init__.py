"""Charts written as SVG by hand, in milliseconds and without matplotlib, for pages that answer while a control moves.

Colours stand as attributes, so that a chart is complete as a file; every part has a class, by which a page may colour
it otherwise. There is no `style`, which pages with a strict policy of content refuse. Same data, same bytes.
"""

from anagen.reports.charts.lines import Band, Line, Mark, line_chart
from anagen.reports.charts.waterfall import Bar, waterfall_chart

__all__ = ["Band", "Bar", "Line", "Mark", "line_chart", "waterfall_chart"]
