"""Customers, sites, assets, job types and jobs."""

from __future__ import annotations

from tests.api.tours.asking import DAY, Tour


def intake(asked: Tour) -> None:
    """From a customer to their job."""
    li = asked.ask("customers.create", {"id": "C-1", "customer": {"name": "Li Na"}})
    asked.ask("customers.change", {"name": "Li Na", "language": "zh"}, customer_id=li["id"], see=1)
    called = asked.ask(
        "contacts.add", {"name": "Li Na", "phone": "+46 31 555"}, customer_id=li["id"]
    )
    asked.ask("customers.read", customer_id=li["id"])
    asked.ask("customers.list")
    asked.ask("customers.find", {"text": "li na"})
    asked.ask("contacts.remove", customer_id=li["id"], contact_id=called["contacts"][0]["id"])
    shore = {"id": "shore", "lat": 0.0, "lon": 0.12, "address": "Shore 1", "customer": "C-1"}
    site = asked.ask("sites.create", shore)
    asked.ask("sites.change", shore | {"setup_s": 300}, site_id=site["id"], see=1)
    asked.ask("sites.read", site_id=site["id"])
    asked.ask("sites.list")
    boiler = {"site": "shore", "product": "Boiler", "warranty_until": "2028-01-31"}
    asset = asked.ask("assets.create", {"serial": "SN-9", "asset": boiler})
    asked.ask("assets.change", boiler | {"said": {"kW": 24}}, asset_id=asset["id"], see=1)
    asked.ask("assets.read", asset_id=asset["id"])
    asked.ask("assets.list")
    swap = {
        "job_type": {"id": "swap", "duration_s": 3_600, "name": "Meter swap"},
        "fields": {"type": "object", "properties": {"meter": {"type": "integer"}}},
        "checklist": [{"id": "off", "text": "Gas is off", "required": True}],
        "demands": {"confirmation": "either", "photos": 1},
    }
    kind = asked.ask("job_types.create", swap)
    asked.ask("job_types.change", swap, job_type_id=kind["id"], see=1)
    asked.ask("job_types.read", job_type_id=kind["id"])
    asked.ask("job_types.list")
    labour = {"name": "Labour, an hour", "fee_minor": 6_000, "currency": "EUR"}
    item = asked.ask("service_items.create", {"id": "labour", "item": labour})
    asked.ask("service_items.change", labour, item_id=item["id"], see=1)
    asked.ask("service_items.read", item_id=item["id"])
    asked.ask("service_items.list")
    window = {"start": f"{DAY}T09:00:00+01:00", "end": f"{DAY}T15:00:00+01:00"}
    job = {"id": "J-17", "type": "swap", "site": "shore", "windows": [window], "priority": 2}
    made = asked.ask("jobs.create", {"job": job, "fields": {"meter": 7}})
    asked.ask(
        "jobs.edit",
        {"job": job | {"name": "Meter in the cellar"}, "fields": {"meter": 8}},
        job=made["id"],
        see=made["version"],
    )
    asked.ask("jobs.hold", {"why": "The customer calls back."}, job=made["id"])
    asked.ask("jobs.resume", job=made["id"])
    asked.ask("notes.create", {"text": "Ring at the gate; the bell is broken."}, job=made["id"])
    asked.ask("notes.list", job=made["id"])
    seen = asked.ask("jobs.read", job=made["id"])["version"]
    asked.ask("jobs.prioritise", {"priority": 1}, job=made["id"], see=seen)
    long = {"id": "J-18", "type": "repair", "site": "shore", "duration_s": 7_200}
    split = asked.ask("jobs.create", {"job": long})
    goes = {
        "parts": [{"duration_s": 3_600, "id": "J-18-pour"}, {"duration_s": 3_600}],
        "min_delay_s": 7_200,
        "why": "It has to dry.",
    }
    parts = asked.ask("jobs.split", goes, job=split["id"], see=split["version"])
    asked.ask("jobs.cancel", {"why": "The customer has called off."}, job=parts[0]["id"])
    many = {"action": "cancel", "jobs": [part["id"] for part in parts], "why": "Called off."}
    asked.ask("jobs.bulk", many)
    asked.ask("jobs.list", day=DAY, sort="-priority")
