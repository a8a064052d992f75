"""Book the nearest free hall: `python book_a_hall.py https://preau.example <token> 38185`."""

import sys
import uuid
from datetime import date, timedelta

import httpx

site, token, commune = sys.argv[1:4]
api = httpx.Client(base_url=f"{site}/api/v1/", headers={"Authorization": f"Bearer {token}"})
day = sys.argv[4] if len(sys.argv) > 4 else str(date.today() + timedelta(weeks=3))

wanted = {"commune": commune, "day": day, "from_time": "18:00", "to_time": "20:00", "people": 20}
found = api.get("search", params=wanted).raise_for_status().json()["items"]
if not found:
    sys.exit("Rien de libre ce soir-là : essayez un autre jour.")
first = found[0]
occasion = {"purpose": "Assemblée générale", "attendance": 20, "accepts_rules": True}
contact = {"contact_name": "Camille Martin", "contact_phone": "04 76 00 00 00"}
slot = {"space_id": first["space"]["id"], "start": first["start"], "end": first["end"]}
# The same key sent again books nothing twice: keep it until an answer has come.
key = {"Idempotency-Key": str(uuid.uuid4())}
answer = api.post("bookings", json=slot | occasion | contact, headers=key)
booking = answer.json()
if answer.is_error:
    sys.exit(booking["detail"])
print(f"{booking['space']}, {booking['reference']} : {booking['state_label']}")
