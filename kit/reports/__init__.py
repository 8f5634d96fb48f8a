"""What comes out of grading: pages for students, a report for the teacher, files for other gradebooks."""
