"""Compares the text that gz-search reads from files of other programs with the text that reference readers read.

Usage: producers.py GZ_SEARCH FOLDER CACHE

Prints a table of the file kinds below FOLDER, and each file whose token F1 is below 0.99. The references are LibreOffice
(`soffice`, for Word, RTF, Excel, PowerPoint and OpenDocument; its conversions are kept in CACHE), the Python package
`extract-msg` for mails of Outlook, and the standard library of Python for mails, tables in plain text and OFD. Web
archives and saved pages are compared with the pages that the package `warcio` and the standard library take out of
them, as gz-search reads these pages. A reference may be wrong: look at each file that is printed.
"""

import collections
import csv
import email
import email.header
import email.policy
import html
import hashlib
import json
import mailbox
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree
import zipfile

MIN_F1 = 0.99
HAN = "\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff"
TOKEN = re.compile(f"[{HAN}]|[^\\W_{HAN}]+")
SHEETS = {"xlsx", "xls", "ods"}
SLIDES = {"pptx", "ppt", "odp"}
TEXTS = {"doc", "wps", "rtf"}
MAILS = {"eml", "mbox", "msg"}
PAGES = {"mhtml", "mht", "warc", "gz"}
# LibreOffice writes each sheet to a file, with the texts that cells show.
SHEET_FILTER = "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,true,false,false,false,-1"
# Elements of flat OpenDocument that are no text of the document.
SKIPPED_ELEMENTS = set(
    "annotation binary-data date date-decl date-time date-time-decl desc event-listeners footer footer-decl forms header "
    "header-decl note-citation object object-ole page-number page-thumbnail ruby-text sequence-decls time title "
    "tracked-changes user-field-decls variable-decls".split()
)


def tokens(text, only_words=False):
    """Counts the tokens of a text. In sheets only words are counted, because numbers and dates have several formats."""
    found = TOKEN.findall(unicodedata.normalize("NFKC", text).lower())
    return collections.Counter(t for t in found if not (only_words and re.search(r"\d", t)))


def f1(ours, theirs):
    """Returns the F1 of two counters of tokens."""
    total = sum(ours.values()) + sum(theirs.values())
    return 2 * sum((ours & theirs).values()) / total if total else 1.0


def documents(gz_search, path):
    """Returns the documents that gz-search reads from a file, and what it reports."""
    command = [gz_search, "index", "--json", "--explain", path]
    result = subprocess.run(command, capture_output=True, timeout=120)
    lines = result.stdout.decode().split("\n")
    return [json.loads(line) for line in lines if line.startswith("{")], result.stderr.decode().strip()


def kept_blocks(found, with_files=False):
    """Returns the headings and paragraphs of a file, and the lines that became metadata. Omits files inside."""
    own = [document for document in found if with_files or "/" not in document["document"]]
    metadata = [
        {"kind": "paragraph", "text": text["text"]}
        for document in own
        for text in document["left_out"]
        if text["reason"] == "metadata"
    ]
    return [block for document in own for block in document["kept"]] + metadata


def converted(path, cache):
    """Returns the files to which LibreOffice converts a file."""
    kind = path.suffix[1:].lower()
    target = SHEET_FILTER if kind in SHEETS else "fodp" if kind in SLIDES else "fodt"
    folder = cache / hashlib.sha1(path.read_bytes()).hexdigest()[:16]
    if not folder.is_dir():
        folder.mkdir(parents=True)
        command = ["soffice", "--headless", "--convert-to", target, "--outdir", folder, path]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
    suffix = "." + target.split(":")[0]
    return sorted(file for file in folder.iterdir() if file.suffix == suffix)


def local_name(name):
    """Returns the name of an element or attribute without its namespace."""
    return name.rsplit("}", 1)[-1]


def element_text(element, skipped):
    """Returns the text of an element of flat OpenDocument."""
    parts = ["\n" if local_name(element.tag) in ("p", "h", "line-break", "tab") else "", element.text or ""]
    parts += [" "] if local_name(element.tag) == "s" else []
    for child in element:
        parts.append("" if local_name(child.tag) in skipped else element_text(child, skipped))
        parts.append(child.tail or "")
    return "".join(parts) + ("\n" if local_name(element.tag) in ("p", "h") else "")


def flat_texts(path):
    """Returns the texts of a flat OpenDocument file: its body, and its body with all running heads."""
    root = xml.etree.ElementTree.parse(path).getroot()
    hidden = {
        value
        for style in root.iter()
        if any(local_name(key) == "visibility" and value == "hidden" for c in style for key, value in c.items())
        for key, value in style.items()
        if local_name(key) == "name"
    }
    body = next(element for element in root if local_name(element.tag) == "body")
    slides = [element for element in body.iter() if local_name(element.tag) == "page"]
    if slides:
        shown = [slide for slide in slides if not hidden & set(slide.attrib.values())]
        texts = [[element_text(slide, skipped) for slide in shown] for skipped in
                 (SKIPPED_ELEMENTS, SKIPPED_ELEMENTS | {"notes"})]
        return ["\n".join(text) for text in texts]
    text = element_text(body, SKIPPED_ELEMENTS)
    heads = [e for e in root.iter() if re.fullmatch("(header|footer)(-first|-left)?", local_name(e.tag))]
    return [text, text + "\n".join(element_text(head, SKIPPED_ELEMENTS) for head in heads)]


def html_text(markup):
    """Returns the text of HTML."""
    markup = re.sub(r"(?is)<(script|style|title|head)\b.*?</\1>|<!--.*?-->", " ", markup)
    return html.unescape(re.sub(r"<[^>]*>", "\n", markup))


def part_text(part):
    """Returns the decoded text of a part of a mail."""
    content = part.get_payload(decode=True) or b""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def mail_texts(path):
    """Returns the texts of a mail or mailbox: from plain text, and from HTML."""
    if path.suffix.lower() == ".msg":
        import extract_msg

        mail = extract_msg.openMsg(path)
        markup = html_text(mail.htmlBody.decode("utf-8", "replace")) if mail.htmlBody else ""
        return [f"{mail.subject}\n{mail.body or ''}", f"{mail.subject}\n{markup}"]
    is_mailbox = path.suffix.lower() == ".mbox"
    mails = mailbox.mbox(path) if is_mailbox else [email.message_from_bytes(path.read_bytes())]
    texts = ["", ""]
    for mail in mails:
        subject = str(email.header.make_header(email.header.decode_header(mail["subject"] or "")))
        parts = [p for p in mail.walk() if not p.is_multipart() and not p.get_filename()]
        plain = [part_text(p) for p in parts if p.get_content_type() == "text/plain"]
        markup = [html_text(part_text(p)) for p in parts if p.get_content_type() == "text/html"]
        texts[0] += "\n".join([subject, *(plain or markup)]) + "\n"
        texts[1] += "\n".join([subject, *(markup or plain)]) + "\n"
    return texts


def web_pages(path):
    """Iterates over the pages of a saved page or of a web archive."""
    if path.suffix.lower() in (".mhtml", ".mht"):
        parts = email.message_from_bytes(path.read_bytes()).walk()
        page = next((part for part in parts if part.get_content_type() == "text/html"), None)
        yield from [page.get_payload(decode=True)] if page else []
        return
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as content:
        for record in ArchiveIterator(content):
            headers = record.http_headers if record.rec_type == "response" else record.rec_headers
            is_page = headers and "html" in (headers.get_header("Content-Type") or "")
            if record.rec_type in ("response", "resource") and is_page and "404" not in headers.statusline:
                yield record.content_stream().read()


def ofd_texts(path):
    """Returns the texts of an OFD file, with spaces between characters: pages, and pages with templates and notes."""
    texts = ["", ""]
    with zipfile.ZipFile(path) as archive:
        roots = {}
        for name in sorted(archive.namelist()):
            if name.lower().endswith(".xml"):
                try:
                    roots[name] = xml.etree.ElementTree.fromstring(archive.read(name))
                except xml.etree.ElementTree.ParseError:
                    continue
        places = [e for root in roots.values() for e in root.iter() if e.get("BaseLoc")]
        pages = tuple(e.get("BaseLoc").lstrip("/") for e in places if local_name(e.tag) == "Page")
        for name, root in roots.items():
            text = "".join(e.text or "" for e in root.iter() if local_name(e.tag) == "TextCode")
            texts[0] += text if name.endswith(pages) else ""
            texts[1] += text if local_name(root.tag) in ("Page", "PageAnnot") else ""
    return [" ".join("".join(text.split())) for text in texts]


def sheet_f1(blocks, files, delimiter):
    """Returns the F1 of the words of a table. The header is counted once, not in each of its rows."""
    cells, names = [], set()
    for file in files:
        names |= tokens(file.stem).keys()
        with file.open(encoding="utf-8", errors="replace", newline="") as lines:
            cells += [cell for row in csv.reader(lines, delimiter=delimiter) for cell in row]
    theirs = tokens(" ".join(cells), only_words=True)
    values, labels = [], set()
    for block in blocks:
        if block["kind"] == "heading" and (tokens(block["text"]).keys() <= names or block["text"] not in cells):
            continue
        for part in block["text"].split(" · "):
            colons = [m.end() for m in re.finditer(": ", part) if tokens(part[: m.start()]) <= tokens(" ".join(cells))]
            labels.add(part[: colons[-1]] if colons else "")
            values.append(part[colons[-1] :] if colons else part)
    ours = tokens(" ".join(values), only_words=True)
    return f1(ours + (tokens(" ".join(labels), only_words=True) & (theirs - ours)), theirs)


def file_f1(gz_search, path, cache):
    """Returns the F1 of a file with its best reference, and what gz-search reports. `None` without a reference."""
    kind = path.suffix[1:].lower()
    found, report = documents(gz_search, path)
    blocks = kept_blocks(found, with_files=kind in PAGES)
    if not blocks:
        return None, report
    if kind in SHEETS | {"csv", "tsv"}:
        files = converted(path, cache) if kind in SHEETS else [path]
        return (sheet_f1(blocks, files, "," if kind == "csv" else "\t") if files else None), report
    if kind in PAGES:
        theirs = collections.Counter()
        for page in web_pages(path):
            with tempfile.NamedTemporaryFile(suffix=".html") as file:
                file.write(page)
                file.flush()
                theirs += tokens("\n".join(b["text"] for b in kept_blocks(documents(gz_search, file.name)[0])))
        return f1(tokens("\n".join(block["text"] for block in blocks)), theirs), report
    if kind in MAILS:
        texts = mail_texts(path)
    elif kind == "ofd":
        texts = ofd_texts(path)
    else:
        texts = [text for file in converted(path, cache) for text in flat_texts(file)]
    text = "\n".join(block["text"] for block in blocks)
    ours = tokens(" ".join("".join(text.split())) if kind == "ofd" else text)
    # The title of a file with one line is that line.
    first = blocks[0]["text"] if blocks[0]["kind"] == "heading" else ""
    first = tokens(" ".join("".join(first.split())) if kind == "ofd" else first)
    candidates = [max(f1(ours, tokens(text)), f1(ours - first, tokens(text))) for text in texts]
    return max(candidates, default=None), report


def main():
    """Prints the table."""
    gz_search, folder, cache = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    kinds = SHEETS | SLIDES | TEXTS | MAILS | PAGES | {"csv", "tsv", "ofd"}
    results, seen = collections.defaultdict(list), set()
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        kind, content = path.suffix[1:].lower(), hashlib.sha1(path.read_bytes()).digest()
        if kind not in kinds or content in seen:
            continue
        seen.add(content)
        try:
            score, report = file_f1(gz_search, path, cache)
        except Exception as error:  # Each reader raises its own errors.
            score, report = None, f"no reference: {error}"
        if score is None or score < MIN_F1:
            print(f"{kind}\t{'-' if score is None else f'{score:.3f}'}\t{path.relative_to(folder)}\t{report[:120]}")
        results[kind].append(score)
    print("\nkind\tfiles\tcompared\tF1 ≥ 0.99\tmean F1")
    for kind, scores in sorted(results.items()):
        compared = [score for score in scores if score is not None]
        mean = sum(compared) / len(compared) if compared else 0
        print(f"{kind}\t{len(scores)}\t{len(compared)}\t{sum(s >= MIN_F1 for s in compared)}\t{mean:.3f}")


if __name__ == "__main__":
    main()
