# Rotating parity, left-symmetric.
disks 12M 12M 12M
mdadm --create /dev/md0 --run --level=5 --raid-devices=3 --metadata=1.2 --chunk=64 --layout=left-symmetric \
    --name=club --homehost=kestrel --uuid=$UUID --assume-clean --bitmap=none $D0 $D1 $D2
ext /dev/md0 array
