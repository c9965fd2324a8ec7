"""The online half: questions in, cited answers out."""

from .answers import Answer, Citation, Hit
from .chatbot import Chatbot, answer

__all__ = ["Answer", "Chatbot", "Citation", "Hit", "answer"]
