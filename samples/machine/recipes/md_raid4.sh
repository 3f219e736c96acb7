# Parity on a disk of its own.
disks 12M 12M 12M
mdadm --create /dev/md0 --run --level=4 --raid-devices=3 --metadata=1.2 --chunk=64 \
    --name=club --homehost=kestrel --uuid=$UUID --assume-clean --bitmap=none $D0 $D1 $D2
ext /dev/md0 array
