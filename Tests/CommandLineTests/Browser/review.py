"""A whole review in headless Chromium: by keyboard, by mouse, without JavaScript; kills, tabs, and pages that mean harm.

    review.py OTSCAN FOLDER SAMPLE.pcapng CHROMIUM

Prints one line for each check; ends with status 1 and a reason when one fails.
"""
import atexit
import http.server
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time

from playwright.sync_api import sync_playwright

OTSCAN, FOLDER, SAMPLE, CHROMIUM = sys.argv[1:5]
PICTURES = os.environ.get("OTSCAN_PICTURES")
PAGES = [
    "items", "items/3-5", "items/1-1", "map", "assets", "conversations", "remote", "segments", "findings", "coverage",
    "plan", "editions", "about", "exhibits",
]
ENVIRONMENT = dict(os.environ, LC_ALL="C.UTF-8", TZ="Asia/Tokyo")


def check(what, holds):
    if not holds:
        print(f"failed: {what}")
        sys.exit(1)
    print(f"ok: {what}")


def run(*arguments):
    return subprocess.run([OTSCAN, *arguments], capture_output=True, text=True, env=ENVIRONMENT)


class Server:
    """`otscan review` while it lasts."""

    def __init__(self, store, language="en"):
        self.process = subprocess.Popen(
            [OTSCAN, "review", store, "--no-browser", "--lang", language, "--reviewer", "Tester"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        # A check that fails ends this program, and must not leave a server behind.
        atexit.register(self.process.kill)
        self.origin = None
        self.link = self.read_link()
        self.origin = self.link.split("/open/")[0]

    def read_link(self):
        for line in self.process.stdout:
            found = re.search(r"http://\S+", line)
            if found:
                return found[0]
        raise SystemExit("failed: no link: " + self.process.stderr.read())

    def new_link(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.read_link()

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()


def store(name, analysed=True):
    path = os.path.join(FOLDER, name)
    if analysed:
        run("analyze", SAMPLE, "-o", path, "--plant", "Mihon Works")
    else:
        run("init", path, "--plant", "Mihon Works")
    return path


def decided(path):
    with sqlite3.connect(path) as database:
        return database.execute("SELECT COUNT(*) FROM decision").fetchone()[0]


class Watch:
    """Everything a page complains about, and every script that got to show a dialog."""

    def __init__(self, context):
        self.complaints = []
        self.dialogs = 0
        context.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("dialog", self.dialog)

    def dialog(self, dialog):
        self.dialogs += 1
        dialog.dismiss()


def enter(context, link):
    page = context.new_page()
    page.goto(link)
    page.wait_for_url("**/items")
    return page


def picture(page, name):
    if PICTURES:
        page.screenshot(path=os.path.join(PICTURES, name + ".png"))


def by_keyboard(browser):
    path = store("keyboard.otscan")
    server = Server(path)
    context = browser.new_context()
    watch = Watch(context)
    page = enter(context, server.link)
    picture(page, "review-items-en")
    page.focus(".standing .primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/*")
    for _ in range(32):
        item = page.url.split("/items/")[1].split("?")[0]
        if item == "3-5":
            picture(page, "review-item-en")
        if page.locator('[data-key="a"]').count():
            page.keyboard.press("a")
            page.wait_for_url("**saved=decision")
            if page.locator(".notice.saved a").get_attribute("href") == "/editions":
                break
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("2")
            page.keyboard.press("Tab")
            page.keyboard.type("Told at the interview")
            page.keyboard.press("Control+Enter")
        page.wait_for_function("item => !location.pathname.endsWith('/' + item) || location.search", arg=item)
        if "saved" in page.url:
            break
    check("every item is decided by keyboard alone", decided(path) == 32)
    page.keyboard.press("Enter")
    page.wait_for_url("**/editions")
    page.focus(".signoff input[name=remark]")
    page.keyboard.type("first edition")
    page.keyboard.press("Enter")
    page.wait_for_url("**saved=edition")
    picture(page, "review-signoff-en")
    for kind, head in [("XLSX", b"PK"), ("PDF", b"%PDF"), ("HTML", b"<!DOCTYPE html>"), ("JSON", b"{")]:
        link = page.locator("table.data a.button", has_text=kind).first
        with page.expect_download(timeout=120_000) as download:
            link.focus()
            page.keyboard.press("Enter")
        target = os.path.join(FOLDER, "report." + kind.lower())
        download.value.save_as(target)
        with open(target, "rb") as file:
            check(f"the signed-off report is there as {kind}", file.read(20).startswith(head))
    check("the record verifies", run("verify", path).returncode == 0)
    check("no complaints of the browser", watch.complaints == [])
    context.close()
    server.stop()


def by_mouse(browser):
    path = store("mouse.otscan", analysed=False)
    server = Server(path, "ja")
    context = browser.new_context(viewport={"width": 390, "height": 800})
    watch = Watch(context)
    page = enter(context, server.link)
    page.click(".standing .primary")
    for number in range(32):
        page.click(".option >> nth=" + str(number % 4))
        page.fill("textarea[name=status]", "現状")
        page.click("button[value=record-next]")
        page.wait_for_load_state()
        check(f"no sideways scrolling on {page.url[-12:]}", not page.evaluate(
            "document.documentElement.scrollWidth > innerWidth")) if number % 8 == 0 else None
    check("an assessment from interviews alone is decided by mouse", decided(path) == 32)
    # Level 4 without a document is marked; attaching one and naming it clears the mark.
    page.goto(server.origin + "/items/1-4")
    check("level 4 without a document is marked", page.locator(".mark.unsupported").count() > 0)
    document = os.path.join(FOLDER, "手順書.txt")
    with open(document, "w") as file:
        file.write("手順")
    page.set_input_files("input[type=file]", document)
    page.fill(".documents input[type=date]", "2026-04-01")
    page.click(".documents button")
    page.wait_for_url("**saved=attachment")
    page.fill("input[name=document]", page.locator("#documents option").first.get_attribute("value"))
    page.fill("input[name=review_date]", "2026-04-01")
    page.click("button[value=record]")
    page.wait_for_url("**saved=decision")
    check("with a document it is not", page.locator(".mark.unsupported").count() == 0)
    page.go_back()
    page.reload()
    check("back and reload lose nothing", decided(path) == 33)
    page.goto(server.origin + "/editions")
    with page.expect_download(timeout=120_000) as download:
        page.click("a.button >> text=PDF")
    sheet = os.path.join(FOLDER, "report-ja.pdf")
    download.value.save_as(sheet)
    with open(sheet, "rb") as file:
        check("the PDF has bookmarks", b"/Outlines" in file.read())
    if subprocess.run(["which", "pdftotext"], capture_output=True).returncode == 0:
        text = subprocess.run(["pdftotext", sheet, "-"], capture_output=True, text=True).stdout
        check("Japanese text in the PDF can be searched", "工場セキュリティ診断報告書" in text and "経営層向け要約" in text)
    if subprocess.run(["which", "pdffonts"], capture_output=True).returncode == 0:
        fonts = subprocess.run(["pdffonts", sheet], capture_output=True, text=True).stdout.splitlines()[2:]
        check("every font is embedded in the PDF", fonts and all(" yes " in font for font in fonts))
    check("no complaints of the browser", watch.complaints == [])
    context.close()
    server.stop()


def without_scripts(browser):
    path = store("plain.otscan")
    server = Server(path)
    context = browser.new_context(java_script_enabled=False)
    page = enter(context, server.link)
    for item in ["3-5", "2-6", "1-1"]:
        page.goto(f"{server.origin}/items/{item}")
        page.click("input[value='2'] >> visible=true")
        page.fill("textarea[name=reason]", "seen on site")
        page.click("button[value=record]")
        page.wait_for_url("**saved=decision")
    page.goto(f"{server.origin}/items/1-2")
    page.click("input[value='3'] >> visible=true")
    page.click("button[value=draft]")
    page.wait_for_url("**saved=draft")
    check("without JavaScript decisions are taken and drafts kept", decided(path) == 3)
    for name in ["map", "assets", "conversations", "remote", "segments", "findings", "coverage", "plan", "editions"]:
        answer = page.goto(f"{server.origin}/{name}")
        check(f"{name} without JavaScript", answer.status == 200)
    context.close()
    server.stop()


def tabs_and_drafts(browser):
    path = store("tabs.otscan")
    server = Server(path)
    context = browser.new_context()
    page = enter(context, server.link)
    other = context.new_page()
    for tab in (page, other):
        tab.goto(f"{server.origin}/items/2-8")
    page.click("input[value='1']")
    page.click("button[value=record]")
    page.wait_for_url("**saved=decision")
    other.click("input[value='2']")
    other.fill("textarea[name=status]", "typed in the other tab")
    other.click("button[value=record]")
    other.wait_for_selector(".notice.error")
    check("the second tab is told, and keeps what was typed",
          decided(path) == 1 and other.input_value("textarea[name=status]") == "typed in the other tab")
    other.click("button[value=record]")
    other.wait_for_url("**saved=decision")
    check("recording again works", decided(path) == 2)
    page.goto(f"{server.origin}/items/2-9")
    page.fill("textarea[name=status]", "half a sentence")
    page.wait_for_selector(".autosave:not(:empty)")
    server.stop(signal.SIGKILL)
    server = Server(path)
    context.close()
    context = browser.new_context()
    page = enter(context, server.link)
    page.goto(f"{server.origin}/items/2-9")
    check("a draft outlives kill -9", page.input_value("textarea[name=status]") == "half a sentence")
    # Analysed anew while the page is open: the decision stands, the page goes on.
    run("analyze", SAMPLE, "-o", path)
    page.reload()
    check("a re-analysis takes no decision away", decided(path) == 2 and page.locator("#answer").count() == 1)
    context.close()
    server.stop()


def kills(browser):
    path = store("kills.otscan", analysed=False)
    told = 0
    for turn in range(8):
        server = Server(path)
        context = browser.new_context()
        page = enter(context, server.link)
        page.goto(f"{server.origin}/items/1-1")
        page.click(f"input[value='{turn % 4 + 1}']")
        timer = threading.Timer(random.uniform(0, 0.03), lambda: server.process.kill())
        timer.start()
        try:
            page.click("button[value=record]", timeout=2000, no_wait_after=True)
            page.wait_for_url("**saved=decision", timeout=1500)
            told += 1
        except Exception:
            pass
        timer.join()
        server.process.wait()
        context.close()
        check(f"killed in mid-save, turn {turn + 1}: sound, nothing lost that was acknowledged",
              run("verify", path).returncode == 0 and told <= decided(path) <= turn + 1)


def attacks(browser):
    path = store("attacked.otscan")
    server = Server(path)
    context = browser.new_context()
    watch = Watch(context)
    page = enter(context, server.link)

    class Evil(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"""<form id=f method=post action="{server.origin}/items/2-8"><input name=action value=record>
                <input name=level value=4></form><iframe src="{server.origin}/items"></iframe>""".encode())

        def log_message(self, *arguments):
            pass

    evil = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    threading.Thread(target=evil.serve_forever, daemon=True).start()
    foreign = context.new_page()
    foreign.goto(f"http://127.0.0.1:{evil.server_port}/")
    check("no frame of ours in a foreign page", all("/items" not in (frame.evaluate("document.title + document.body.innerText") or "")
                                                    and "Device" not in frame.content() for frame in foreign.frames[1:]))
    read = foreign.evaluate("""async origin => { try { const r = await fetch(origin + '/items', {credentials: 'include'}); return await r.text(); }
        catch (e) { return 'refused'; } }""", server.origin)
    check("a foreign page reads nothing", read == "refused")
    foreign.evaluate("""async origin => { try { await fetch(origin + '/items/2-8', {method: 'POST', mode: 'no-cors', credentials: 'include',
        headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: 'action=record&level=4'}); } catch (e) {} }""", server.origin)
    with foreign.expect_navigation(url="**/items/2-8"):
        foreign.evaluate("document.getElementById('f').submit()")
    check("a foreign form decides nothing", decided(path) == 0 and "another page" in foreign.content())

    big = foreign.request.fetch(server.origin + "/items/1-1/attachments", method="POST", data=b"x" * (17 << 20),
                                headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": server.origin})
    check("a body that is too large is refused, and the server goes on",
          big.status == 413 and page.goto(server.origin + "/items").status == 200)
    check("no dialog was shown", watch.dialogs == 0)
    evil.shutdown()
    context.close()
    server.stop()


def hostile_text(browser):
    """Names that try to be markup, put where the wire and people put theirs."""
    path = store("hostile.otscan")
    nasty = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'><svg onload=alert(3)>"
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT kind, position, document FROM derived").fetchall()
        names = ("PLC", "HMI", "SCADA", "Siemens", "RTX830", "AirStation", "vnc", "s7comm", "modbus")
        for kind, position, document in rows:
            for name in names:
                document = document.replace(f'"{name}"', '"' + nasty.replace('"', '\\"') + '"')
            database.execute("UPDATE derived SET document = ? WHERE kind = ? AND position = ?", (document, kind, position))
        database.execute("UPDATE fact SET value = ? WHERE name = 'plant'", (nasty,))
        database.execute("UPDATE conversation SET service = ? WHERE rowid % 3 = 0", (nasty,))
    server = Server(path)
    context = browser.new_context()
    watch = Watch(context)
    page = enter(context, server.link)
    for name in ["items", "items/3-6", "map", "assets", "conversations", "remote", "segments", "findings", "coverage", "plan", "editions", "about", "exhibits"]:
        page.goto(f"{server.origin}/{name}")
        check(f"text of the wire stays text on {name}", page.evaluate("document.querySelectorAll('script:not([src]), [onerror], [onload], img').length") == 0)
    check("no script ran", watch.dialogs == 0 and watch.complaints == [])
    context.close()
    server.stop()


def accessibility(browser):
    """axe-core over every page, in both languages and two widths."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        print("skipped: axe-playwright-python is not installed")
        return
    path = store("axe.otscan")
    for language, width in [("ja", 1280), ("en", 390)]:
        server = Server(path, language)
        context = browser.new_context(viewport={"width": width, "height": 900})
        page = enter(context, server.link)
        for name in PAGES:
            page.goto(f"{server.origin}/{name}")
            found = Axe().run(page).response["violations"]
            grave = [f"{violation['id']}: {violation['nodes'][0]['html'][:120]}" for violation in found
                     if violation["impact"] in ("serious", "critical")]
            check(f"{name} has no grave accessibility violation ({language}, {width}) {grave}", not grave)
            weight = len(page.content().encode())
            check(f"{name} weighs {weight // 1000} kB", weight < 300_000)
        context.close()
        server.stop()


def markup(browser):
    """Keeps every page as it comes from the server, for the W3C's checker."""
    path = store("markup.otscan")
    for language in ("ja", "en"):
        server = Server(path, language)
        context = browser.new_context()
        enter(context, server.link)
        for name in PAGES:
            reply = context.request.get(f"{server.origin}/{name}")
            check(f"{name} is served ({language})", reply.ok)
            with open(os.path.join(FOLDER, f"{language}-{name.replace('/', '-')}.html"), "wb") as file:
                file.write(reply.body())
        context.close()
        server.stop()


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    chosen = os.environ.get("OTSCAN_BROWSER_PART")
    for part in (by_keyboard, by_mouse, without_scripts, tabs_and_drafts, kills, attacks, hostile_text, accessibility, markup):
        if not chosen or chosen == part.__name__:
            part(browser)
    browser.close()
print("done")
