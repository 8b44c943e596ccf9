"""PDFium's functions that are called for every character or object, bound so that a call costs least.

The bindings of pypdfium2 make a pointer object of every handle that is passed or returned and give
up the interpreter's lock around each call; with handles as plain integers and the lock kept, a call
takes about half the time. Only for one thread at a time, as all of PDFium.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium_c

_HANDLE = ctypes.c_void_p
_INDEX = ctypes.c_int


def _bound(function: object, result: type, *arguments: type) -> Callable[..., Any]:
    """Return `function` of the bindings as one of plain integers."""
    address = ctypes.cast(function, _HANDLE).value  # type: ignore[arg-type]
    return ctypes.PYFUNCTYPE(result, *arguments)(address)  # type: ignore[arg-type]


def handle(pointer: object) -> int:
    """Return the handle that a pointer of the bindings holds; 0 for none."""
    return ctypes.cast(pointer, _HANDLE).value or 0  # type: ignore[arg-type]


_UINT, _BOOL, _LONG = ctypes.c_uint, ctypes.c_int, ctypes.c_ulong

# What text pages tell: (text page, index, ...).
unicode_at = _bound(pdfium_c.FPDFText_GetUnicode, _UINT, _HANDLE, _INDEX)
"""UTF-16 code unit, 0 where it is not known."""
object_at = _bound(pdfium_c.FPDFText_GetTextObject, _HANDLE, _HANDLE, _INDEX)
"""Handle of the text object, None for a character that PDFium put in."""
box_at = _bound(pdfium_c.FPDFText_GetLooseCharBox, _BOOL, _HANDLE, _INDEX, _HANDLE)
"""Writes left, top, right, bottom in user space to the address of four floats."""
origin_at = _bound(pdfium_c.FPDFText_GetCharOrigin, _BOOL, _HANDLE, _INDEX, _HANDLE, _HANDLE)
"""Writes x and y in user space to the addresses of two doubles."""
matrix_at = _bound(pdfium_c.FPDFText_GetMatrix, _BOOL, _HANDLE, _INDEX, _HANDLE)
"""Writes a, b, c, d, e, f to the address of six floats."""
size_at = _bound(pdfium_c.FPDFText_GetFontSize, ctypes.c_double, _HANDLE, _INDEX)
angle_at = _bound(pdfium_c.FPDFText_GetCharAngle, ctypes.c_float, _HANDLE, _INDEX)
"""Radians, clockwise."""
weight_at = _bound(pdfium_c.FPDFText_GetFontWeight, ctypes.c_int, _HANDLE, _INDEX)
colour_at = _bound(
    pdfium_c.FPDFText_GetFillColor, _BOOL, _HANDLE, _INDEX, _HANDLE, _HANDLE, _HANDLE, _HANDLE
)
"""Writes red, green, blue and alpha, 0 to 255, to the addresses of four unsigned integers."""
is_unmapped = _bound(pdfium_c.FPDFText_HasUnicodeMapError, ctypes.c_int, _HANDLE, _INDEX)

# What text objects tell.
mode_of = _bound(pdfium_c.FPDFTextObj_GetTextRenderMode, ctypes.c_int, _HANDLE)
mark_of = _bound(pdfium_c.FPDFPageObj_GetMarkedContentID, ctypes.c_int, _HANDLE)
clip_of = _bound(pdfium_c.FPDFPageObj_GetClipPath, _HANDLE, _HANDLE)

# What clip paths tell: (clip path, index of the path, ...).
paths_of = _bound(pdfium_c.FPDFClipPath_CountPaths, ctypes.c_int, _HANDLE)
segments_of = _bound(pdfium_c.FPDFClipPath_CountPathSegments, ctypes.c_int, _HANDLE, _INDEX)
segment_at = _bound(pdfium_c.FPDFClipPath_GetPathSegment, _HANDLE, _HANDLE, _INDEX, _INDEX)
point_of = _bound(pdfium_c.FPDFPathSegment_GetPoint, _BOOL, _HANDLE, _HANDLE, _HANDLE)
"""(segment, address of a float, address of another): whether its point was written there."""

# What elements of the structure tree tell.
children_of = _bound(pdfium_c.FPDF_StructElement_CountChildren, ctypes.c_int, _HANDLE)
child_at = _bound(pdfium_c.FPDF_StructElement_GetChildAtIndex, _HANDLE, _HANDLE, _INDEX)
child_mark_at = _bound(
    pdfium_c.FPDF_StructElement_GetChildMarkedContentID, ctypes.c_int, _HANDLE, _INDEX
)
type_of = _bound(pdfium_c.FPDF_StructElement_GetType, _LONG, _HANDLE, _HANDLE, _LONG)
"""(element, address, bytes there): how many bytes the name has, in UTF-16-LE, its end included."""
