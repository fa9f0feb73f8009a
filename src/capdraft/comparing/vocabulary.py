"""Words of the field: those that mean one thing, and those that are too common to tell much.

The rule of what is in common goes by them, so pages and docs publish them with it. A group begins
with the word that stands for it; a phrase is looked for before its words.
"""

from __future__ import annotations

_EQUAL = """
image: picture, photo, photograph, visual, vision
video: clip, footage, movie
caption: captioning
question: VQA
chat: conversation, conversational, converse, dialogue, dialog, multi-turn, chatbot
transcribe: transcription, transcript, speech recognition, speech-to-text, ASR, dictation
text-to-speech: TTS, speech synthesis, read aloud
diarization: speaker labels, who spoke, who is speaking
translate: translation, translator
summarize: summary, summarization, condense
instruction-tuned: tuned, instruct
fine-tuning: fine-tune, fine-tuned, finetuning, finetune, tuning, tune, LoRA, QLoRA, PEFT, adapter
quantize: quantization, 4-bit, 8-bit, 4 bits, 8 bits, int4, int8, half-precision, GGUF
memory: low-memory, VRAM, lightweight, limited hardware, modest hardware, consumer GPU
text-to-image: text-to-image generation, image generation, generate an image, generate images
image-to-text: image to text
text generation: generate text, write text
detect: detection, locate, localize, localization, bounding box
segment: segmentation, mask
OCR: read text, text recognition, text in images, text in pictures, document question
context length: long context, context window, long inputs, long documents, context
tool calling: function calling, function call, function invocation, tool use, call functions
structured output: JSON, schema, structured JSON
embedding: embed, vector
multilingual: cross-language, cross-lingual, other languages, many languages
license: licence, commercial use, commercially
real-time: realtime, live, streaming, low latency, low delay
on-device: phone, mobile, edge device, offline
fill-in-the-middle: infilling, infill, code completion
deduplicate: deduplication, near-deduplication, duplicate
code: source code, programming, program
size: resolution, pixel
checkpoint: weights
several: multiple, many, various
safety: moderation, harmful, toxic, toxicity, explicit
"""
EQUAL = tuple(
    (head, *(word.strip() for word in words.split(",")))
    for head, words in (line.split(": ") for line in _EQUAL.strip().splitlines())
)
"""Groups of words and phrases that count as one, each by its first."""

_COMMON = """
AI answer ask base checkpoint code data dataset file get give image input language make memory model
much need new one output run set several size system take tell text two type use user version
"""
COMMON = tuple(_COMMON.split())
"""What so many capabilities are about that it counts a quarter."""

_SMALL = """
a ability about after all allow allows also am an and any are as at be because been before being
between but by can capable capability could did do does e each either enable enables etc every
for from g had has have how i if in into is it its itself let lets may me might more most must
my no not of off offer offers on only or other our out over own provide provides same should so
some such support supports than that the their them then there these they this those through to
too under until up upon us very via was we were what when where whether which while who whom
whose will with within without would you your
"""
SMALL = frozenset(_SMALL.split())
"""Words that don't count."""
