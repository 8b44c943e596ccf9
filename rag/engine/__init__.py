"""Language models behind one Protocol: messages in, text or token probabilities out.

Three engines: llama.cpp in this process (GGUF, the default), transformers (any causal model of the
hub or a folder), and any OpenAI-compatible server by URL. Knows nothing of questions or passages.
"""

from __future__ import annotations

from rag.engine.base import Completion, Engine, EngineSettings, Message
from rag.engine.choose import open_engine

__all__ = ["Completion", "Engine", "EngineSettings", "Message", "open_engine"]
