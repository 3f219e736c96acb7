"""What an OVF descriptor says of its machines, taken while it is read.

Source: DMTF DSP0243, 7.2 (Envelope), 7.4 (References), 8.1 (VirtualHardwareSection), 9 (sections);
CIM_ResourceAllocationSettingData.
"""

from collections.abc import Mapping

MOST, LONGEST = 500, 2000
"""Entries of a list and characters of a text that are kept; the whole stands in the descriptor's own text."""
TEXTS = {"Annotation": "annotation", "VirtualSystemIdentifier": "identifier", "VirtualSystemType": "hardware_type",
         "Product": "product", "Vendor": "vendor", "FullVersion": "version", "ProductUrl": "product_url"}  # fmt: skip
HARDWARE = {"ElementName": "name", "ResourceType": "type", "VirtualQuantity": "quantity", "Connection": "network",
            "HostResource": "host_resource", "Address": "address"}  # fmt: skip


class Machine:
    """One virtual machine."""

    def __init__(self, identifier: str) -> None:
        self._facts: dict[str, object] = {"id": identifier} if identifier else {}
        self._hardware: list[dict[str, str]] = []

    def say(self, key: str, value: str) -> None:
        """Keep the first that is said under a name."""
        if value:
            self._facts.setdefault(key, value[:LONGEST])

    def device(self) -> None:
        """Begin with another device."""
        if len(self._hardware) < MOST:
            self._hardware.append({})

    def of_device(self, key: str, value: str) -> None:
        """Keep what is said of the device begun last."""
        if self._hardware and value:
            self._hardware[-1].setdefault(key, value[:LONGEST])

    def called(self, number: int) -> str:
        """Return the name of the machine."""
        name = str(self._facts.get("name") or self._facts.get("id") or "").replace("/", "_")
        return name or f"machine {number}"

    def facts(self) -> dict[str, object]:
        """Return all that was said."""
        kept = [each for each in self._hardware if each]
        return {**self._facts, **({"hardware": kept} if kept else {})}


class Envelope:
    """Takes the elements of a descriptor as they come."""

    def __init__(self) -> None:
        self.machines: list[Machine] = []
        self.files: dict[str, dict[str, str]] = {}
        self._disks: list[dict[str, str]] = []
        self._networks: list[str] = []
        self._way: list[str] = []
        self._text: list[str] = []

    def shared(self) -> dict[str, object]:
        """Return what is said of the disks and networks of all machines."""
        disks = [{**self.files.get(each.pop("ref", ""), {}), **each} for each in map(dict, self._disks)]
        return {
            **({"disks": disks} if disks else {}),
            **({"networks": self._networks} if self._networks else {}),
        }

    def begins(self, element: str, values: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        name, told = (
            element.rpartition(" ")[2],
            {key.rpartition(" ")[2]: value[:LONGEST] for key, value in values.items()},
        )
        self._way.append(name)
        self._text.clear()
        above = self._way[-2] if len(self._way) > 1 else ""
        if name == "VirtualSystem" and len(self.machines) < MOST:
            self.machines.append(Machine(told.get("id", "")))
        elif name == "File" and above == "References" and len(self.files) < MOST:
            self.files[told.get("id", "")] = _kept(told, href="file", size="size", compression="compression")
        elif name == "Disk" and above == "DiskSection" and len(self._disks) < MOST:
            units = f"{told.get('capacity', '')} {told.pop('capacityAllocationUnits', '')}".strip()
            told["capacity"] = units
            self._disks.append(
                _kept(told, fileRef="ref", diskId="disk", format="format", capacity="capacity")
            )
        elif name == "Network" and above == "NetworkSection" and len(self._networks) < MOST:
            self._networks.append(told.get("name", ""))
        elif self.machines and name == "OperatingSystemSection":
            self.machines[-1].say("os_type", told.get("osType", "") or told.get("id", ""))
        elif self.machines and name == "Item":
            self.machines[-1].device()

    def says(self, text: str) -> None:
        """Take a stretch of text."""
        self._text.append(text)

    def ends(self, _element: str) -> None:
        """Take the end of an element, and what stood in it."""
        name = self._way.pop()
        above = self._way[-1] if self._way else ""
        said = "".join(self._text).strip()
        self._text.clear()
        if not self.machines:
            return
        machine = self.machines[-1]
        if above == "Item" and name in HARDWARE:
            machine.of_device(HARDWARE[name], said)
        elif name == "Name" and above == "VirtualSystem":
            machine.say("name", said)
        elif name == "Description" and above == "OperatingSystemSection":
            machine.say("os", said)
        elif name in TEXTS:
            machine.say(TEXTS[name], said)


def _kept(told: Mapping[str, str], **names: str) -> dict[str, str]:
    """Return those of the values that are told, under the names they are kept by."""
    return {kept: told[name] for name, kept in names.items() if told.get(name)}
