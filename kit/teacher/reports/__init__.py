"""What comes out of grading: a page per student, the class on one page, grades for an LMS."""
