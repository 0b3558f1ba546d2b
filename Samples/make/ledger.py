"""Writes the plant's own asset ledger as its people keep it: Japanese headings, UTF-8 and Shift_JIS."""

import csv
import io
from pathlib import Path

import plant
from machines import Plant

HEADINGS = ["管理番号", "機器名", "IPアドレス", "MACアドレス", "メーカー", "型番", "設置場所", "担当"]


def rows(factory: Plant) -> list[list[str]]:
    listed = [d for d in factory.devices.values() if d.number]
    lines = [[d.number, f"{plant.JA_NAME[d.role]} {d.name}", factory.ip(d.name), d.mac.upper().replace(":", "-"),
              plant.MAKER_JA[d.vendor], d.product, d.place, d.keeper] for d in listed]
    for number, name, octet, mac, maker, product, place, keeper in plant.NEVER_SEEN:
        zone = plant.LINE_A if number.startswith("OT") else plant.OFFICE
        lines.append([number, name, factory.layout[zone].address(octet), mac.upper().replace(":", "-"), maker, product,
                      place, keeper])
    return sorted(lines)


def write(factory: Plant, utf8: Path, shift_jis: Path | None) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([HEADINGS] + rows(factory))
    utf8.write_bytes(text.getvalue().encode("utf-8-sig"))  # with the mark that Excel expects
    if shift_jis:
        shift_jis.write_bytes(text.getvalue().encode("cp932"))
