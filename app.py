"""Start the chat page: ``python app.py``; ``rag ui`` does the same and takes options."""

from rag.page.serve import serve

if __name__ == "__main__":
    serve()
