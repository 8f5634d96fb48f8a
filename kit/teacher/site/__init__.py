"""The course as a static site: every lesson in any browser, with nothing installed."""
