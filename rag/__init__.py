"""The online half: questions in, cited answers out."""

from .answers import Answer, Citation, Hit
from .chatbot import Chatbot, answer
from .explanation import Explanation

__all__ = ["Answer", "Chatbot", "Citation", "Explanation", "Hit", "answer"]
