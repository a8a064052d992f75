"""An invoice people read and machines too: the XML inside the PDF, which becomes PDF/A-3.

The PDF comes from typst as PDF/A-2a and PDF/UA-1. PDF/A-3 differs by one right: it may carry any
file. So the file is attached, named by the document, and the metadata say so, with the schema of
Factur-X described as PDF/A wants of any it does not know.
"""

from __future__ import annotations

import io
from datetime import datetime

import pikepdf
from pikepdf import AttachedFileSpec, Name

FILE_NAME = "factur-x.xml"
LEVEL = "EN 16931"
NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"

_XMP = """<rdf:Description rdf:about="" xmlns:fx="{namespace}">
  <fx:DocumentType>INVOICE</fx:DocumentType>
  <fx:DocumentFileName>{file}</fx:DocumentFileName>
  <fx:Version>1.0</fx:Version>
  <fx:ConformanceLevel>{level}</fx:ConformanceLevel>
</rdf:Description>"""
_SCHEMA = """<rdf:li rdf:parseType="Resource">
  <pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
  <pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI>
  <pdfaSchema:prefix>fx</pdfaSchema:prefix>
  <pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>
</rdf:li>"""
_PROPERTY = """<rdf:li rdf:parseType="Resource">
  <pdfaProperty:name>{name}</pdfaProperty:name>
  <pdfaProperty:valueType>Text</pdfaProperty:valueType>
  <pdfaProperty:category>external</pdfaProperty:category>
  <pdfaProperty:description>{text}</pdfaProperty:description>
</rdf:li>"""
_PROPERTIES = (
    ("DocumentFileName", "name of the embedded XML invoice file"),
    ("DocumentType", "INVOICE"),
    ("Version", "version of the Factur-X schema"),
    ("ConformanceLevel", "conformance level of the embedded Factur-X data"),
)


def join(pdf: bytes, xml: bytes, *, at: datetime) -> bytes:
    """The same pages with the XML inside; the same inputs give the same bytes."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        # The library’s own stub does not know `relationship` yet.
        spec = AttachedFileSpec(  # type: ignore[call-arg]
            opened,
            xml,
            filename=FILE_NAME,
            mime_type="text/xml",
            description="Facture électronique Factur-X",
            mod_date=at.strftime("D:%Y%m%d%H%M%S+00'00'"),
            relationship=Name.Alternative,
        )
        opened.attachments[FILE_NAME] = spec
        opened.Root.AF = pikepdf.Array([opened.attachments[FILE_NAME].obj])
        opened.Root.Metadata.write(_metadata(opened.Root.Metadata.read_bytes()))
        written = io.BytesIO()
        opened.save(written, deterministic_id=True)
    return written.getvalue()


def _metadata(packet: bytes) -> bytes:
    """The packet typst wrote, made to say PDF/A-3 and Factur-X."""
    text = packet.decode()
    if "<pdfaid:part>2</pdfaid:part>" not in text:
        raise ValueError("The PDF does not say it is PDF/A-2: nothing to build on.")
    text = text.replace("<pdfaid:part>2</pdfaid:part>", "<pdfaid:part>3</pdfaid:part>")
    # typst describes three schemas of its own: ours goes beside them.
    bag = "<pdfaExtension:schemas><rdf:Bag>"
    if bag not in text:
        raise ValueError("The PDF describes no schema: its metadata are not what typst writes.")
    text = text.replace(bag, bag + _schema())
    text = text.replace("</rdf:RDF>", _xmp() + "</rdf:RDF>")
    return text.encode()


def _schema() -> str:
    properties = "".join(_PROPERTY.format(name=name, text=text) for name, text in _PROPERTIES)
    return _SCHEMA.format(namespace=NAMESPACE, properties=properties)


def _xmp() -> str:
    return _XMP.format(namespace=NAMESPACE, file=FILE_NAME, level=LEVEL)
