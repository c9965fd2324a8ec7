"""The Gradio page: build_app(bot) gives the page, python -m ui opens it."""
