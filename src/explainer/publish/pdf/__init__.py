"""The paper: Typst, compiled to PDF/UA-1."""
