"""Files of customers, bills and payments: read as companies write them, refused line by line, once and resumable."""

from __future__ import annotations

import csv
import tracemalloc
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.billing.importing import run as importing
from bot.billing.importing import values as read
from bot.billing.importing.run import Outcome, Plan, import_file
from bot.billing.importing.seen import Seen
from bot.billing.importing.shapes import SHAPES
from bot.kernel.clock import BOGOTA, FrozenClock
from bot.kernel.errors import Unreadable
from storage.db import Database
from tests.billing.samples import CUENTA, account
from tests.support.rows import every_row

NOW = datetime(2026, 11, 10, 9, 0, tzinfo=BOGOTA)
CUSTOMERS = "cuenta;servicios;titular;direccion;uso;documento;estrato;telefono\n"
BILLS = "cuenta,servicio,periodo,emitida_on,vence_on,total,consumo,lineas\n"
PAYMENTS = "referencia;cuenta;fecha;valor;factura;lugar\n"


def pattern(service: str) -> str:
    return r"^\d{5,12}$"


def load(database: Database, folder: Path, kind: str, content: str | bytes, **options) -> Outcome:
    path = folder / f"{kind}.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_file(path, Plan(SHAPES[kind], pattern, **options), database, FrozenClock(NOW))


def refused(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Return line, column and reason of every refused line."""
    with outcome.report.open(encoding="utf-8", newline="") as opened:
        return [(row["linea"], row["columna"], row["motivo"]) for row in csv.DictReader(opened)]


# --- cells


@every_row(
    ("cell", "pesos"),
    [
        ("85000", 85_000), ("85.000", 85_000), ("$ 1.234.567", 1_234_567), ("1'234.567", 1_234_567),
        ("1’234’567", 1_234_567), ("85000,00", 85_000), ("1.234.567,0", 1_234_567), ("85000.00", 85_000),
        ("-3.775", -3_775), ("$\u00a085.000", 85_000), ("0", 0), ("COP 12.500", 12_500),
    ],
)  # fmt: skip
def test_money_is_read_as_it_is_written_in_colombia(cell, pesos):
    assert read.pesos(cell) == pesos


@every_row(
    "cell",
    [
        "",
        "85,000",
        "85.5",
        "85,50",
        "1.23.456",
        "1.234.56",
        "12.34.567",
        "85 mil",
        "1e5",
        "--5",
        "9" * 13,
        "٨٥",
        "1.234.567.89",
    ],
)
def test_money_that_could_be_two_things_is_refused(cell):
    with pytest.raises(ValueError, match=r"\w"):
        read.pesos(cell)


@pytest.mark.parametrize("cell", ["2026-11-05", "20261105", "05/11/2026", "5-11-2026", " 5/11/2026 "])
def test_dates_are_read_day_first(cell):
    assert read.day(cell) == date(2026, 11, 5)


@pytest.mark.parametrize("cell", ["2026-02-30", "31/04/2026", "2026-13-01", "05/11/26", "1900-01-01", "ayer", "11-05"])
def test_dates_that_do_not_exist_are_refused(cell):
    with pytest.raises(ValueError, match=r"\w"):
        read.day(cell)


def test_periods_quantities_services_and_numbers():
    assert {read.period(cell) for cell in ("2026-03", "202603", "03/2026", "3-2026")} == {"2026-03"}
    assert [read.quantity(cell) for cell in ("18", "18,5", "1.234,5", "18.5")] == ["18", "18.5", "1234.5", "18.5"]
    assert read.services("Acueducto + aseo|energía") == ("agua", "aseo", "energia")
    assert read.digits("1.000-001 ") == "1000001"
    assert read.mobile("57 300 111 2233") == "+573001112233"
    for wrong in ("-1", "nan", "inf", "1e999", "muchos"):
        with pytest.raises(ValueError, match=r"\w"):
            read.quantity(wrong)


def test_keys_seen_before_are_told_however_many_there_are():
    seen = Seen(10)
    keys = [f"{number} agua 2026-11" for number in range(5_000)]
    assert all(seen.add(key) for key in keys)
    assert not any(seen.add(key) for key in keys)


# --- files


def test_customers_come_in_with_their_personal_data_sealed_and_findable(database: Database, tmp_path: Path):
    line = "1000001;agua aseo;Ana Ñandú;CL 5 # 3-20;residencial;52.345.678;2;300 111 2233\n"
    outcome = load(database, tmp_path, "customers", CUSTOMERS + line)
    assert (outcome.taken, outcome.refused) == (1, 0)
    found = database.read_now(lambda uow: uow.customers.account("1000001"))
    assert found is not None
    assert (found.titular, found.servicios, found.estrato, found.telefono) == (
        "Ana Ñandú", ["agua", "aseo"], 2, "+573001112233",
    )  # fmt: skip
    assert database.read_now(lambda uow: uow.customers.is_holder("1000001", "52345678"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators_are_found_out(database: Database, tmp_path: Path, encoding, separator):
    head = separator.join(["Cuenta", "SERVICIOS", "Títular", "dirección", "uso"])
    line = separator.join(["1000001", "agua", "José Peña", '"CL 5, apto 2"', "residencial"])
    outcome = load(database, tmp_path, "customers", f"{head}\r\n{line}\r\n".encode(encoding))
    assert (outcome.taken, outcome.refused) == (1, 0)
    found = database.read_now(lambda uow: uow.customers.account("1000001"))
    assert found is not None
    assert (found.titular, found.direccion) == ("José Peña", "CL 5, apto 2")


def test_an_accent_at_the_very_end_of_a_large_file_still_decides_the_encoding(database: Database, tmp_path: Path):
    lines = "".join(f"{number};agua;Persona;CL 5;residencial;;;\n" for number in range(10_000, 13_000))
    outcome = load(
        database, tmp_path, "customers", (CUSTOMERS + lines + "99999;agua;Peña;CL 5;residencial;;;\n").encode("latin-1")
    )
    assert (outcome.taken, outcome.refused) == (3_001, 0)
    found = database.read_now(lambda uow: uow.customers.account("99999"))
    assert found is not None
    assert found.titular == "Peña"


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("", "is empty"),
        ("cuenta;servicios\n", "'titular' is missing"),
        ("cuenta;servicios;titular;direccion;uso;cedula\n", "'cedula' is not known"),
        ("cuenta;cuenta;servicios;titular;direccion;uso\n", "'cuenta' stands twice"),
        ("hola", "'hola' is not known"),
        ("\ufeff".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_with_other_columns_is_refused_whole_and_says_which_are_right(database, tmp_path, head, says):
    with pytest.raises(Unreadable, match=says):
        load(database, tmp_path, "customers", head)
    with pytest.raises(Unreadable):
        import_file(tmp_path / "no.csv", Plan(SHAPES["bills"], pattern), database, FrozenClock(NOW))


def test_every_bad_line_is_told_with_its_number_its_column_and_why(database: Database, tmp_path: Path):
    database.write_now(lambda uow: uow.customers.add_account(account()))
    good = f"{CUENTA},agua,2026-10,2026-10-05,2026-10-21,80.000,18,Fijo=12.000|Consumo=68.000\n"
    bad = [
        f"{CUENTA},agua,2026-10,2026-10-05,2026-10-21,80.000,18,\n",  # 3: again
        f"{CUENTA},agua,2026-09,2026-09-31,2026-10-21,80.000,18,\n",  # 4: no such day
        f"{CUENTA},gasolina,2026-09,2026-09-05,2026-10-21,80.000,18,\n",  # 5
        f"{CUENTA},agua,2026-09,2026-09-05,2026-09-01,80.000,18,\n",  # 6: due before issued
        f'{CUENTA},agua,2026-09,2026-09-05,2026-09-21,"80,000",18,\n',  # 7: 80 or 80 thousand
        f"{CUENTA},agua,2026-09,2026-09-05,2026-09-21,80.000,-2,\n",  # 8
        f"{CUENTA},agua,2026-09,2026-09-05,2026-09-21,80.000,18,Fijo=1\n",  # 9: lines do not add up
        "9999999,agua,2026-09,2026-09-05,2026-09-21,80.000,18,\n",  # 10: a stranger
        f"{CUENTA},agua,2026-09,2026-09-05,2026-09-21,80.000\n",  # 11: short
        ",agua,2026-09,2026-09-05,2026-09-21,80.000,18,\n",  # 12
        "12,agua,2026-09,2026-09-05,2026-09-21,80.000,18,\n",  # 13: no account number
        f"{CUENTA},agua,2026-13,2026-09-05,2026-09-21,80.000,18,\n",  # 14
    ]
    outcome = load(database, tmp_path, "bills", BILLS + good + "".join(bad) + "\n")
    assert (outcome.taken, outcome.refused) == (1, 12)
    assert [(line, column) for line, column, _ in refused(outcome)] == [
        ("3", ""), ("4", "emitida_on"), ("5", "servicio"), ("6", "vence_on"), ("7", "total"), ("8", "consumo"),
        ("9", "lineas"), ("10", "cuenta"), ("11", ""), ("12", "cuenta"), ("13", "cuenta"), ("14", "periodo"),
    ]  # fmt: skip
    assert all(reason for _, _, reason in refused(outcome))
    (kept,) = database.read_now(lambda uow: uow.customers.bills(CUENTA))
    assert (kept.total, kept.detalle["consumo"]["cantidad"]) == (80_000, "18")


def test_the_report_shows_no_personal_value_and_no_formula(database: Database, tmp_path: Path):
    lines = "1000001;agua;Ana;CL 5;residencial;;9;\n1000002;agua;Ana;CL 5;residencial;;=1+1;\n1000003;agua;Ana;CL;residencial;;1;secreto\n"
    outcome = load(database, tmp_path, "customers", CUSTOMERS + lines)
    text = outcome.report.read_text(encoding="utf-8")
    assert "secreto" not in text
    assert "'=1+1" in text
    assert "Ana" not in text


def test_a_quote_that_never_closes_costs_one_line_and_a_bounded_memory(database: Database, tmp_path: Path):
    lines = '1000001;agua;"Ana "mala" ;CL 5;residencial;;1;\n1000002;agua;Ana;CL 5;residencial;;1;\n'
    outcome = load(database, tmp_path, "customers", CUSTOMERS + lines)
    assert outcome.refused >= 1
    assert outcome.taken + outcome.refused <= 2


def test_trying_writes_nothing_but_the_report(database: Database, tmp_path: Path):
    line = "1000001;agua;Ana;CL 5;residencial;;1;\nx;agua;Ana;CL 5;residencial;;1;\n"
    outcome = load(database, tmp_path, "customers", CUSTOMERS + line, dry=True)
    assert (outcome.taken, outcome.refused) == (1, 1)
    assert database.read_now(lambda uow: uow.customers.account("1000001")) is None
    assert not load(database, tmp_path, "customers", CUSTOMERS + line).was_done


def test_the_same_file_again_is_left_alone_or_changes_nothing(database: Database, tmp_path: Path):
    database.write_now(lambda uow: uow.customers.add_account(account()))
    bill = f"{CUENTA},agua,2026-10,2026-10-05,2026-10-21,80.000,18,\n"
    load(database, tmp_path, "bills", BILLS + bill)
    pay = f"r1;{CUENTA};06/11/2026;$ 30.000;;banco\n"
    assert load(database, tmp_path, "payments", PAYMENTS + pay).taken == 1
    assert load(database, tmp_path, "payments", PAYMENTS + pay).was_done
    assert load(database, tmp_path, "payments", PAYMENTS + pay, again=True).taken == 1
    load(database, tmp_path, "bills", BILLS + bill, again=True)
    (kept,) = database.read_now(lambda uow: uow.customers.bills(CUENTA))
    assert (kept.abonado, kept.saldo) == (30_000, 50_000)


def test_payments_mark_bills_paid(database: Database, tmp_path: Path):
    database.write_now(lambda uow: uow.customers.add_account(account()))
    bills = "".join(
        f"{CUENTA},agua,2026-{month},2026-{month}-05,2026-{month}-21,80.000,18,\n" for month in ("09", "10")
    )
    load(database, tmp_path, "bills", BILLS + bills)
    load(database, tmp_path, "payments", PAYMENTS + f"r1;{CUENTA};06/11/2026;$ 80.000;;banco\n")
    kept = {
        bill.periodo: (bill.pagada, bill.pagada_on)
        for bill in database.read_now(lambda uow: uow.customers.bills(CUENTA))
    }
    assert kept == {"2026-09": (True, date(2026, 11, 6)), "2026-10": (False, None)}


def test_a_bill_that_says_when_it_was_paid_owes_nothing(database: Database, tmp_path: Path):
    database.write_now(lambda uow: uow.customers.add_account(account()))
    head = "cuenta;servicio;periodo;emitida_on;vence_on;total;pagada_on\n"
    load(database, tmp_path, "bills", head + f"{CUENTA};agua;2026-10;2026-10-05;2026-10-21;80000;2026-10-20\n")
    (kept,) = database.read_now(lambda uow: uow.customers.bills(CUENTA))
    assert (kept.saldo, kept.pagada_on) == (0, date(2026, 10, 20))


def test_an_import_that_breaks_off_goes_on_where_it_stopped(database: Database, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    lines = [
        f"{number};agua;Persona;CL 5;residencial;;{9 if number % 7 == 0 else 1};\n" for number in range(10_000, 10_050)
    ]
    # The last line repeats one that was worked before it broke off.
    content = CUSTOMERS + "".join(lines) + lines[1]
    written = []
    shape = SHAPES["customers"]

    def breaks(uow, records, now):
        if len(written) == 3:
            raise RuntimeError("power cut")
        written.append(len(records))
        shape.write(uow, records, now)

    from dataclasses import replace

    path = tmp_path / "customers.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RuntimeError):
        import_file(path, Plan(replace(shape, write=breaks), pattern), database, FrozenClock(NOW))
    again: list[int] = []

    def counts(uow, records, now):
        again.append(len(records))
        shape.write(uow, records, now)

    outcome = import_file(path, Plan(replace(shape, write=counts), pattern), database, FrozenClock(NOW))
    assert (outcome.taken, outcome.refused) == (43, 8)
    assert sum(written) + sum(again) == 43
    told = refused(outcome)
    assert len(told) == 8
    assert told[-1][0] == "52"


def test_memory_does_not_grow_with_the_file(database: Database, tmp_path: Path, monkeypatch):
    if database.dialect != "sqlite":
        pytest.skip("the memory of the client is the same")
    monkeypatch.setattr(importing, "BATCH", 500)
    peaks = []
    for count in (1_500, 6_000):
        lines = "".join(f"{10_000 + number};agua;Persona;CL 5;residencial;;1;\n" for number in range(count))
        path = tmp_path / f"{count}.csv"
        path.write_text(CUSTOMERS + lines, encoding="utf-8")
        del lines
        tracemalloc.start()
        import_file(path, Plan(SHAPES["customers"], pattern, dry=True), database, FrozenClock(NOW))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Only the table of keys grows: 16 bytes to 32 a line.
    assert peaks[1] < peaks[0] + 4_500 * 40


def test_consumption_of_an_import_is_what_the_chart_reads(database: Database, tmp_path: Path):
    from bot.billing.database import consumption_of

    database.write_now(lambda uow: uow.customers.add_account(account()))
    head = "cuenta;servicio;periodo;emitida_on;vence_on;total;consumo;dias;desde_on;hasta_on;lectura_anterior;lectura_actual;causa\n"
    line = f"{CUENTA};energia;2026-10;2026-10-05;2026-10-21;80000;135,5;31;01/09/2026;30/09/2026;1.000;1.135,5;\n"
    assert load(database, tmp_path, "bills", head + line).refused == 0
    (bill,) = database.read_now(lambda uow: uow.customers.bills(CUENTA))
    used = consumption_of(bill)
    assert used is not None
    assert (used.cantidad, used.unidad, used.dias, used.lectura_actual, used.hasta_on) == (
        Decimal("135.5"), "kWh", 31, Decimal("1135.5"), date(2026, 9, 30),
    )  # fmt: skip
