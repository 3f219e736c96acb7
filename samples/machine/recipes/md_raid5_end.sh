# Rotating parity with superblocks (1.0) at the end: the first disk begins with what the array begins with.
disks 12M 12M 12M
mdadm --create /dev/md0 --run --level=5 --raid-devices=3 --metadata=1.0 --chunk=64 \
    --name=club --homehost=kestrel --uuid=$UUID --assume-clean --bitmap=none $D0 $D1 $D2
ext /dev/md0 array
