"""Charts of reports: Vega-Lite specifications, one file for each kind of chart, and their drawing."""
