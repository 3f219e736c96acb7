"""A package of a virtual machine as VirtualBox and VMware write it: descriptor and manifest."""

import hashlib
import io
import tarfile
from collections.abc import Callable, Mapping

DISK = "wren-disk1.vmdk"
DESCRIPTOR = """<?xml version="1.0"?>
<Envelope ovf:version="1.0" xmlns="http://schemas.dmtf.org/ovf/envelope/1"
 xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:vmw="http://www.vmware.com/schema/ovf"
 xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
 xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData">
 <References><File ovf:id="file1" ovf:href="{disk}" ovf:size="{size}"/></References>
 <DiskSection><Info>disks</Info><Disk ovf:capacity="4" ovf:capacityAllocationUnits="byte * 2^20" ovf:diskId="vmdisk1"
  ovf:fileRef="file1" ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/></DiskSection>
 <NetworkSection><Info>networks</Info><Network ovf:name="NAT"><Description>outside</Description></Network></NetworkSection>
 <VirtualSystem ovf:id="wren"><Info>a machine</Info><Name>wren/web</Name>
  <OperatingSystemSection ovf:id="96" vmw:osType="debian11_64Guest"><Info>system</Info><Description>Debian 12</Description>
  </OperatingSystemSection>
  <AnnotationSection><Info>notes</Info><Annotation>site of the leaflets</Annotation></AnnotationSection>
  <VirtualHardwareSection><Info>parts</Info>
   <System><vssd:VirtualSystemType>virtualbox-2.2</vssd:VirtualSystemType></System>
   <Item><rasd:ElementName>2 virtual CPU</rasd:ElementName><rasd:ResourceType>3</rasd:ResourceType>
    <rasd:VirtualQuantity>2</rasd:VirtualQuantity></Item></VirtualHardwareSection>
 </VirtualSystem>
</Envelope>
"""


def descriptor(size: int, disk: str = DISK) -> bytes:
    """Return the descriptor of a machine whose disk has ``size`` bytes."""
    return DESCRIPTOR.format(size=size, disk=disk).encode()


def manifest(files: Mapping[str, bytes], kind: str = "SHA256") -> bytes:
    """Return the digests of files as a manifest has them."""
    lines = [
        f"{kind}({name})= {hashlib.new(kind.lower(), data).hexdigest()}\n" for name, data in files.items()
    ]
    return "".join(lines).encode()


def package(disk: bytes, kind: str = "SHA256") -> bytes:
    """Return an OVA: descriptor, manifest, disk, in the order that the standard asks for."""
    files = {"wren.ovf": descriptor(len(disk)), DISK: disk}
    members = {"wren.ovf": files["wren.ovf"], "wren.mf": manifest(files, kind), DISK: disk}
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


SAMPLES: dict[str, Callable[[], bytes]] = {
    "guest.ovf": lambda: descriptor(4096),
    "guest.mf": lambda: manifest({"wren.ovf": b"one", DISK: b"two"}),
}
