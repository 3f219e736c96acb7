# A mirror whose superblocks (1.0) are at the end: each half begins with the file system.
disks 12M 12M
mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --metadata=1.0  \
    --name=club --homehost=kestrel --uuid=$UUID --assume-clean --bitmap=none $D0 $D1
ext /dev/md0 array
